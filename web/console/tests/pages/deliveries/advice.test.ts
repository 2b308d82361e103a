import { describe, expect, test } from "vitest";
import { adviceOn } from "../../../src/pages/deliveries/advice.ts";

const failure = (code: string) =>
  adviceOn({ status_code: null, failure: code, error_message: "whatever the words are" });
const answer = (status_code: number) =>
  adviceOn({ status_code, failure: null, error_message: `the endpoint answered ${status_code}` });

describe("a failure without an answer is explained by its code", () => {
  test.each([
    ["dns_not_found", "The host name does not exist", "settings"],
    ["dns_failed", "The host name could not be looked up", "receiver"],
    ["connection_refused", "Nobody listens at this address", "receiver"],
    ["host_unreachable", "The receiver's network cannot be reached", "receiver"],
    ["connection_timeout", "No connection came about in time", "receiver"],
    ["timeout", "The receiver did not answer in time", "settings"],
    ["tls_expired", "The receiver's certificate has expired", "receiver"],
    ["tls_not_yet_valid", "The receiver's certificate is not valid yet", "receiver"],
    ["tls_wrong_host", "The receiver's certificate is for another host", "settings"],
    ["tls_untrusted", "The receiver's certificate is not trusted", "settings"],
    ["tls_revoked", "The receiver's certificate has been revoked", "receiver"],
    ["tls_bad_certificate", "The receiver's certificate is not acceptable", "receiver"],
    ["tls_not_spoken", "The receiver does not speak TLS on this port", "settings"],
    ["tls_refused", "The receiver refused the TLS handshake", "settings"],
    ["tls_incompatible", "The receiver's TLS is too old", "receiver"],
    ["tls_failed", "The TLS handshake did not come to its end", "receiver"],
    ["tls_timeout", "The TLS handshake did not come to its end", "receiver"],
    ["tls_no_name", "No certificate can be for this host", "settings"],
    ["tls_settings_unusable", "The webhook's own TLS settings cannot be used", "settings"],
    ["address_not_allowed", "The URL leads to an address that Posthorn may not call", "settings"],
    ["token_failed", "There was no access token for the receiver", "settings"],
    ["proxy_failed", "Posthorn's own proxy did not let the request out", "operator"],
    ["invalid_response", "What answers is not a web server", "settings"],
    ["connection_closed", "The receiver broke the connection off", "receiver"],
    ["connection_reset", "The receiver broke the connection off", "receiver"],
    ["connection_failed", "The receiver broke the connection off", "receiver"],
    ["webhook_disabled", "The webhook was disabled before this could be delivered", "enable"],
    ["too_large_to_wait", "The event is too large to wait in the queue", "operator"],
    ["local_resources", "Posthorn itself has nothing left to send with", "operator"],
    ["template_failed", "The template made no request of this event", "settings"],
    ["webhook_unreadable", "The webhook's settings cannot be read at this time", "operator"],
    ["something_new", "The attempt failed", "receiver"],
  ])("%s", (code, title, remedy) => {
    expect(failure(code)).toMatchObject({ title, remedy });
  });

  test("one that was recorded without a code", () => {
    expect(adviceOn({ status_code: null, failure: null, error_message: "words" })?.title).toBe(
      "The attempt failed",
    );
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
  expect(adviceOn({ status_code: 204, failure: null, error_message: null })).toBeUndefined();
  expect(adviceOn({ status_code: null, failure: null, error_message: null })).toBeUndefined();
  expect(
    adviceOn({
      status_code: 200,
      failure: null,
      error_message: "the endpoint answered 200 OK, but its body had not ended by the timeout",
    })?.title,
  ).toBe("The receiver took it, but did not end its answer");
});
