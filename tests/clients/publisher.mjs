// Publishes standard input to a subject through JetStream and prints the acknowledgement.
// Arguments: server, subject, and a message id for deduplication if there is one.

import { buffer } from "node:stream/consumers";
import { jetstream } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";

const [servers, subject, msgID] = process.argv.slice(2);
const connection = await connect({ servers });
const acknowledgement = await jetstream(connection).publish(subject, await buffer(process.stdin), { msgID });
console.log(JSON.stringify(acknowledgement));
await connection.drain();
