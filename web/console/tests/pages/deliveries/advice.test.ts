import { describe, expect, test } from "vitest";
import { adviceOn } from "../../../src/pages/deliveries/advice.ts";

const failure = (error_message: string) => adviceOn({ status_code: null, error_message });
const answer = (status_code: number) =>
  adviceOn({ status_code, error_message: `the endpoint answered ${status_code}` });

// The words on the left are those that the deliverer records.
describe("a failure without an answer is explained by what was recorded", () => {
  test.each([
    ["the name does not exist", "The host name does not exist", "settings"],
    ["the name has no address", "The host name does not exist", "settings"],
    ["the name could not be resolved", "The host name could not be looked up", "receiver"],
    ["no answer of the name servers within 5 s", "The host name could not be looked up", "receiver"],
    ["the receiver refused the connection", "Nobody listens at this address", "receiver"],
    ["the receiver's address cannot be reached", "The receiver's network cannot be reached", "receiver"],
    ["the receiver did not answer the attempt to connect", "No connection came about in time", "receiver"],
    ["no connection within 10 s", "No connection came about in time", "receiver"],
    ["no connection", "No connection came about in time", "receiver"],
    ["no answer within 30 s", "The receiver did not answer in time", "settings"],
    ["the receiver's TLS certificate has expired", "The receiver's certificate has expired", "receiver"],
    [
      "the receiver's TLS certificate is not valid yet",
      "The receiver's certificate is not valid yet",
      "receiver",
    ],
    [
      "the receiver's TLS certificate is for another host name",
      "The receiver's certificate is for another host",
      "settings",
    ],
    [
      "the receiver's TLS certificate is self-signed or comes from an authority that is not trusted here",
      "The receiver's certificate is not trusted",
      "settings",
    ],
    [
      "the receiver's TLS certificate has been revoked",
      "The receiver's certificate has been revoked",
      "receiver",
    ],
    [
      "the receiver's TLS certificate has a wrong signature",
      "The receiver's certificate is not acceptable",
      "receiver",
    ],
    [
      "the receiver does not speak TLS on this port",
      "The receiver does not speak TLS on this port",
      "settings",
    ],
    [
      "the receiver refused the TLS handshake (CertificateRequired)",
      "The receiver refused the TLS handshake",
      "settings",
    ],
    [
      "the receiver offers no TLS version or cipher that is safe",
      "The receiver's TLS is too old",
      "receiver",
    ],
    [
      "the receiver closed the connection during the TLS handshake",
      "The TLS handshake did not come to its end",
      "receiver",
    ],
    ["no TLS handshake within 10 s", "The TLS handshake did not come to its end", "receiver"],
    ["the TLS handshake failed: peer misbehaved", "The TLS handshake did not come to its end", "receiver"],
    [
      "the URL's host is no name that a TLS certificate can be for",
      "No certificate can be for this host",
      "settings",
    ],
    [
      "the webhook's TLS settings cannot be used: cannot be read as PEM",
      "The webhook's own TLS settings cannot be used",
      "settings",
    ],
    [
      "the URL leads to an address that is not allowed: private network (10.0.0.0/8)",
      "The URL leads to an address that Posthorn may not call",
      "settings",
    ],
    [
      "no access token: the token endpoint answered 401 Unauthorized: invalid_client",
      "There was no access token for the receiver",
      "settings",
    ],
    [
      "no access token: the receiver refused the connection",
      "There was no access token for the receiver",
      "settings",
    ],
    [
      "the egress proxy opened no connection to the receiver (it answered 502)",
      "Posthorn's own proxy did not let the request out",
      "operator",
    ],
    [
      "the answer is not valid HTTP, or its headers are too many or too large",
      "What answers is not a web server",
      "settings",
    ],
    [
      "the receiver closed the connection without an answer",
      "The receiver broke the connection off",
      "receiver",
    ],
    ["the receiver reset the connection", "The receiver broke the connection off", "receiver"],
    [
      "the receiver reset the connection while it was being opened",
      "The receiver broke the connection off",
      "receiver",
    ],
    ["the webhook was disabled", "The webhook was disabled before this could be delivered", "enable"],
    [
      "it cannot wait for another attempt, because it is larger than NATS takes (max_payload)",
      "The event is too large to wait in the queue",
      "operator",
    ],
    [
      "the template's result is not JSON (expected value at line 1 column 1); set a `content-type` header if it is not meant to be",
      "The template made no request of this event",
      "settings",
    ],
    ["something new", "The attempt failed", "receiver"],
  ])("%s", (words, title, remedy) => {
    expect(failure(words)).toMatchObject({ title, remedy });
  });
});

describe("an answer is explained by its status", () => {
  test.each([
    [301, "The receiver answers with a redirect (301)"],
    [308, "The receiver answers with a redirect (308)"],
    [400, "The receiver calls the request malformed (400)"],
    [401, "The receiver does not accept the credentials (401)"],
    [403, "The receiver forbids the request (403)"],
    [404, "There is nothing at this URL (404)"],
    [410, "The receiver is gone for good (410)"],
    [418, "The receiver refuses the request (418)"],
    [429, "The receiver has had too many requests (429)"],
    [500, "The receiver failed while it handled the request (500)"],
    [502, "A proxy before the receiver got no good answer from it (502)"],
    [503, "The receiver is not available (503)"],
    [504, "A proxy before the receiver waited too long for it (504)"],
    [599, "The receiver failed (599)"],
    [199, "The receiver's answer means nothing for a webhook (199)"],
  ])("%i", (status, title) => {
    const advice = answer(status);
    expect(advice?.title).toBe(title);
    expect(advice?.steps.length).toBeGreaterThan(0);
  });
});

test("what succeeded or was not tried wants no advice", () => {
  expect(adviceOn({ status_code: 204, error_message: null })).toBeUndefined();
  expect(adviceOn({ status_code: null, error_message: null })).toBeUndefined();
  expect(
    adviceOn({
      status_code: 200,
      error_message: "the endpoint answered 200 OK, but its body had not ended by the timeout",
    })?.title,
  ).toBe("The receiver took it, but did not end its answer");
});
