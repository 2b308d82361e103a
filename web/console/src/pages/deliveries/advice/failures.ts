import type { Advice } from "../advice.ts";
import { tlsFailures } from "./tls.ts";

/** What is to be said of a failure without an answer, by the code that the api gives it. */
export type Known = Readonly<Record<string, Advice>>;

const brokenOff: Advice = {
  title: "The receiver broke the connection off",
  meaning:
    "It took the connection, but no whole answer came. Often a program or a proxy that restarts or crashes.",
  steps: [
    "Look into the receiver's log at the time of the attempt.",
    "Check for proxies that close idle connections too early.",
  ],
  remedy: "receiver",
};

const failures: Known = {
  token_failed: {
    title: "There was no access token for the receiver",
    meaning:
      "The token endpoint of the webhook's OAuth 2.0 settings gave none, so nothing was sent to the receiver.",
    steps: [
      "Check the token URL, the client id and the secret in the webhook's settings.",
      "`invalid_client` means that the secret is wrong or has expired; `invalid_scope` that the scope is not granted.",
    ],
    remedy: "settings",
  },
  address_not_allowed: {
    title: "The URL leads to an address that Posthorn may not call",
    meaning:
      "The name resolves to a private or otherwise special address. Posthorn refuses those, so that a webhook cannot reach into an internal network. It is not tried again.",
    steps: [
      "Check the URL, and what its name resolves to (`dig` followed by the host name).",
      "If the receiver really is internal, whoever runs Posthorn can allow its network: POSTHORN_EGRESS_ALLOW.",
    ],
    remedy: "settings",
  },
  proxy_failed: {
    title: "Posthorn's own proxy did not let the request out",
    meaning: "The way from Posthorn to the internet is at fault, not the receiver.",
    steps: ["Tell whoever runs Posthorn: the egress proxy, its credentials or its rules."],
    remedy: "operator",
  },
  dns_not_found: {
    title: "The host name does not exist",
    meaning: "The name servers know no address for the host of the URL.",
    steps: [
      "Check the spelling of the URL.",
      "If the name is new, or its domain has just been renewed, wait until the name servers know.",
    ],
    remedy: "settings",
  },
  dns_failed: {
    title: "The host name could not be looked up",
    meaning: "The name servers did not answer, or not in time. That often passes by itself.",
    steps: ["If every webhook has it, tell whoever runs Posthorn: its own name server is at fault."],
    remedy: "receiver",
  },
  ...tlsFailures,
  connection_refused: {
    title: "Nobody listens at this address",
    meaning: "The host is there, but no program takes connections on the port of the URL.",
    steps: [
      "Check that the receiver runs, and the port in the URL.",
      "Check that a firewall does not refuse Posthorn's address.",
    ],
    remedy: "receiver",
  },
  host_unreachable: {
    title: "The receiver's network cannot be reached",
    meaning: "There is no route to its address from here.",
    steps: ["Check that the host is up and its address is right."],
    remedy: "receiver",
  },
  connection_timeout: {
    title: "No connection came about in time",
    meaning: "Nothing answers at the address: the host is down, or a firewall drops what Posthorn sends.",
    steps: [
      "Check that the host is up.",
      "Check that its firewall lets Posthorn's address in, on the port of the URL.",
    ],
    remedy: "receiver",
  },
  timeout: {
    title: "The receiver did not answer in time",
    meaning:
      "It took the request, but its answer took longer than the webhook's timeout. It may have handled it nevertheless.",
    steps: [
      "Let the receiver answer first (202 or 204) and do the work afterwards.",
      "If it must take longer, raise the timeout in the webhook's settings (120 s at most).",
      "Let it drop duplicates by the header `webhook-id`: this event may come again.",
    ],
    remedy: "settings",
  },
  invalid_response: {
    title: "What answers is not a web server",
    meaning: "The answer is not HTTP.",
    steps: ["Check the port of the URL: another program may listen there."],
    remedy: "settings",
  },
  connection_closed: brokenOff,
  connection_reset: brokenOff,
  connection_failed: brokenOff,
  webhook_disabled: {
    title: "The webhook was disabled before this could be delivered",
    meaning: "Disabling a webhook ends what waits for it.",
    steps: ["Enable the webhook.", "Replay the time in which it was disabled."],
    remedy: "enable",
  },
  too_large_to_wait: {
    title: "The event is too large to wait in the queue",
    meaning: "The limit of the NATS server was made smaller after the event had been accepted.",
    steps: ["Tell whoever runs Posthorn: raise `max_payload` of the NATS servers."],
    remedy: "operator",
  },
  local_resources: {
    title: "Posthorn itself has nothing left to send with",
    meaning:
      "It ran out of file descriptors, ports or memory. Deliveries wait for them; no attempt is used up.",
    steps: [
      "Tell whoever runs Posthorn: the limit of open files, or the range of local ports, is too small.",
    ],
    remedy: "operator",
  },
  template_failed: {
    title: "The template made no request of this event",
    meaning: "Nothing was sent: the webhook's template stopped, or its result cannot be sent.",
    steps: [
      "Open the template in the webhook's settings, and try it with this event in the preview.",
      "Fields that are not in every event need a default in the template.",
    ],
    remedy: "settings",
  },
  webhook_unreadable: {
    title: "The webhook's settings cannot be read at this time",
    meaning:
      "Its secrets are sealed with a key that the process does not have. Nothing is lost: the delivery waits.",
    steps: ["Tell whoever runs Posthorn: a deliverer has another master key, or an older release."],
    remedy: "operator",
  },
};

const unknown: Advice = {
  title: "The attempt failed",
  meaning: "No answer came from the receiver.",
  steps: ["Read what was recorded, and the receiver's log at that time."],
  remedy: "receiver",
};

/** Explains an attempt that brought no answer. A code that is not known here, or none, as older records have it. */
export function adviceOnFailure(code: string | null | undefined): Advice {
  return (code && failures[code]) || unknown;
}
