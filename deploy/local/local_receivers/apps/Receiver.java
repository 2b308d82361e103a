import com.sun.net.httpserver.HttpServer;
import java.io.FileOutputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** A receiver for the JDK's own server: notes the id of each delivery, one a line. */
class Receiver {
    public static void main(String[] arguments) throws Exception {
        var seen = new FileOutputStream(System.getenv("SEEN"), true);
        var address = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
        var server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            var line = exchange.getRequestHeaders().getFirst("x-webhook-delivery") + "\n";
            synchronized (seen) {
                seen.write(line.getBytes());
            }
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes());
            exchange.close();
        });
        server.start();
    }
}
