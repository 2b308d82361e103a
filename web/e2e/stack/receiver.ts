import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that arrived. */
export interface Arrived {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** How it answers: with this status and body. */
export interface Answer {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

/** Somebody who is sent webhooks, and whose answers the test decides. */
export class Receiver {
  readonly arrived: Arrived[] = [];
  #answer: (request: Arrived) => Answer | Promise<Answer> = () => ({ status: 200, body: "thank you" });
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver(createServer());
    receiver.#server.on("request", (request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", async () => {
        const arrived = {
          path: request.url ?? "",
          headers: request.headers,
          body: Buffer.concat(pieces).toString("utf8"),
        };
        receiver.arrived.push(arrived);
        const { status, body = "", headers = {} } = await receiver.#answer(arrived);
        response.writeHead(status, headers).end(body);
      });
    });
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  url(path = "/"): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${path}`;
  }

  /** A promise keeps the sender waiting. */
  answers(answer: Answer | ((request: Arrived) => Answer | Promise<Answer>)) {
    this.#answer = typeof answer === "function" ? answer : () => answer;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
