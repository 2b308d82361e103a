// Publishes over NATS (io.nats:jnats on the class path). Variable: POSTHORN_NATS_URL.

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.Nats;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

public final class PublishNats {
    /** posthorn.events.&lt;tenant&gt;.&lt;event type&gt; */
    private static final String SUBJECT = "posthorn.events.default.user.created";

    /** JetStream's publish returns when the event is stored; that of the connection would tell nothing. */
    private static void publish(JetStream stream, String data, Map<String, String> fields) throws Exception {
        var headers = new Headers();
        fields.forEach((name, value) -> headers.add(name, value));
        PublishAck stored = stream.publish(SUBJECT, headers, data.getBytes(StandardCharsets.UTF_8));
        System.out.println("stored " + stored.getSeqno() + " duplicate=" + stored.isDuplicate());
    }

    private static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    public static void main(String[] arguments) throws Exception {
        try (Connection connection = Nats.connect(System.getenv("POSTHORN_NATS_URL"))) {
            JetStream stream = connection.jetStream();
            // Of the business fact, such as an order's number; the whole stream shares these names, so begin with the tenant.
            var fields = Map.of(
                    "Nats-Msg-Id", "default:" + random(),
                    "traceparent", "00-" + random() + "-" + random().substring(16) + "-01");
            publish(stream, "{\"by\":\"java-nats\",\"n\":1}", fields);
            publish(stream, "{\"by\":\"java-nats\",\"n\":1}", fields); // as after a lost acknowledgement
            publish(stream, "{\"by\":\"java-nats\",\"n\":2}", Map.of(
                    "ce-specversion", "1.0", "ce-id", "order/7", "ce-source", "/orders", "ce-type", "user.created"));
        }
    }
}
