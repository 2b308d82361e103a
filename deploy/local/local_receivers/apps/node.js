// A receiver for Node.js: notes the id of each delivery, one a line. SIGHUP replaces the worker gracefully.
const cluster = require("node:cluster");
const fs = require("node:fs");

const [port, protocol, certificate, key] = process.argv.slice(2);

if (cluster.isPrimary) {
  let worker = cluster.fork();
  process.on("SIGHUP", () => {
    const old = worker;
    worker = cluster.fork();
    worker.once("listening", () => old.send("end"));
  });
} else {
  const seen = fs.openSync(process.env.SEEN, "a");
  const answer = (request, response) => {
    request.on("data", () => {});
    request.on("end", () => {
      fs.writeSync(seen, `${request.headers["x-webhook-delivery"]}\n`);
      response.end("ok");
    });
  };
  const sessions = new Set();
  let server;
  if (protocol === "http2") {
    const files = { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) };
    server = require("node:http2").createSecureServer(files, answer);
    server.on("session", (session) => {
      sessions.add(session);
      session.on("close", () => sessions.delete(session));
    });
  } else {
    server = require("node:http").createServer(answer);
  }
  server.listen(Number(port), "127.0.0.1");
  process.on("message", () => {
    server.close(() => process.exit(0));
    for (const session of sessions) session.close();
  });
}
