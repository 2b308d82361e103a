// A webhook receiver with nothing but the JDK (17 or newer): verifies, answers at once, works afterwards, drops repeats.
// Variables: SIGNING_SECRETS, one or several with commas between; PORT (9000).

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Receiver {
    private static final int BODY_BYTES_MAX = 2 * 1024 * 1024;
    private static final long TOLERANCE_SECONDS = 300;

    private final List<SecretKeySpec> keys;
    // In a real service both are tables: the id is inserted with the event, in one transaction, before the answer.
    private final Set<String> seen = new HashSet<>();
    private final BlockingQueue<Event> work = new ArrayBlockingQueue<>(10_000);

    /** A real service parses the body with the JSON library that it has, unless a template or a CloudEvent makes it something else. */
    private record Event(String id, String type, byte[] body) {}

    private Receiver(String secrets) {
        keys = Arrays.stream(secrets.split(","))
                .map(secret -> Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")))
                .map(key -> new SecretKeySpec(key, "HmacSHA256"))
                .toList();
    }

    private boolean isGenuine(String id, String timestamp, String signatures, byte[] body)
            throws GeneralSecurityException {
        if (id == null || timestamp == null || signatures == null || !timestamp.matches("[0-9]{1,12}")) {
            return false;
        }
        if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > TOLERANCE_SECONDS) {
            return false;
        }
        // During a rotation there are two signatures, and here there may be two keys: one pair has to match.
        for (SecretKeySpec key : keys) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            byte[] expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(StandardCharsets.UTF_8);
            for (String given : signatures.split(" ")) {
                if (MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(verdict(exchange), -1);
        } catch (GeneralSecurityException error) {
            throw new IOException(error);
        }
    }

    private int verdict(HttpExchange exchange) throws IOException, GeneralSecurityException {
        var headers = exchange.getRequestHeaders();
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            return 413;
        }
        String id = headers.getFirst("webhook-id");
        if (!isGenuine(id, headers.getFirst("webhook-timestamp"), headers.getFirst("webhook-signature"), body)) {
            return 401;
        }
        var event = new Event(id, headers.getFirst("x-webhook-event"), body);
        if (take(event)) {
            return 204;
        }
        exchange.getResponseHeaders().set("Retry-After", "5");
        return 503;
    }

    /** Whether the event is safe here, now or from before. */
    private synchronized boolean take(Event event) {
        if (seen.contains(event.id())) {
            System.out.println("repeated: " + event.id());
            return true;
        }
        if (!work.offer(event)) {
            return false;
        }
        seen.add(event.id());
        return true;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> variables = System.getenv();
        var receiver = new Receiver(variables.get("SIGNING_SECRETS"));
        var address = new InetSocketAddress("127.0.0.1", Integer.parseInt(variables.getOrDefault("PORT", "9000")));
        var server = HttpServer.create(address, 0);
        server.createContext("/", receiver::receive);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.start();
        while (true) {
            Event event = receiver.work.take();
            System.out.println("worked: " + event.type() + " " + event.id() + " " + event.body().length + " bytes");
        }
    }
}
