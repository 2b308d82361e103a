import { createHmac, timingSafeEqual } from "node:crypto";
import type { Arrived } from "./receiver.ts";

/** The signatures that a request carries; during a rotation there are two. */
export function signaturesOf({ headers }: Arrived): string[] {
  return String(headers["webhook-signature"] ?? "").split(" ");
}

/** Whether somebody who holds this secret takes a request for genuine, as Standard Webhooks 1.0 says. */
export function verifies(request: Arrived, secret: string): boolean {
  const { headers, body } = request;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const wanted = Buffer.from(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
  return signaturesOf(request)
    .map((signature) => Buffer.from(signature))
    .some((signature) => signature.length === wanted.length && timingSafeEqual(signature, wanted));
}
