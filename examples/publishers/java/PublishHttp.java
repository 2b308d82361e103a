// Publishes over HTTP with nothing but the JDK (17 or newer). Variables: POSTHORN_API_URL, POSTHORN_KEY.

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

public final class PublishHttp {
    private static final int TRIES_MAX = 8;
    private static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /** What became of each event, as JSON. Safe to repeat: the key makes a second try the same request. */
    private static String publish(String events, String idempotencyKey) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(System.getenv("POSTHORN_API_URL") + "/api/v1/events"))
                .header("Authorization", "Bearer " + System.getenv("POSTHORN_KEY"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                // Whoever traces passes the context of the current span here; receivers get it with each request.
                .header("traceparent", "00-" + random() + "-" + random().substring(16) + "-01")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(events))
                .build();
        for (int tries = 1; tries <= TRIES_MAX; tries++) {
            long wait = 1L << tries;
            try {
                var answer = CLIENT.send(request, BodyHandlers.ofString());
                if (answer.statusCode() == 202) {
                    return answer.body();
                }
                if (!Set.of(429, 502, 503, 504).contains(answer.statusCode())) {
                    // It says what is wrong (RFC 9457), and it would be wrong again.
                    System.err.println("refused: " + answer.body());
                    System.exit(1);
                }
                wait = answer.headers().firstValueAsLong("Retry-After").orElse(wait);
            } catch (IOException error) { // no answer: the event may have been stored or not, hence the key
                System.err.println("no answer: " + error);
            }
            Thread.sleep(Duration.ofSeconds(wait).toMillis());
        }
        System.err.println("not published; keep it and try later");
        System.exit(1);
        return null;
    }

    private static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static String event(int n) {
        return "{\"type\":\"user.created\",\"data\":{\"by\":\"java-http\",\"n\":" + n + "}}";
    }

    public static void main(String[] arguments) throws Exception {
        String key = random(); // of the business fact, such as an order's number: the same in each try
        System.out.println(publish(event(1), key));
        System.out.println(publish(event(1), key)); // as after a lost answer: a duplicate, with the first one's id
        System.out.println(publish("[" + event(2) + "," + event(3) + "]", random()));
    }
}
