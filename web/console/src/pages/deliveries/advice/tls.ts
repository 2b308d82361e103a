import type { Advice } from "../advice.ts";
import type { Known } from "./failures.ts";

const renewed =
  "If the receiver renews by itself, check why that failed; many only need a restart to take the new one.";

const handshake: Advice = {
  title: "The TLS handshake did not come to its end",
  meaning: "The receiver, or a device between, broke it off or did not answer in time.",
  steps: [
    "Check that the port of the URL speaks TLS, and for this host name.",
    "Look at it with `openssl s_client -connect host:443 -servername host`.",
  ],
  remedy: "receiver",
};

/** What can be wrong between the connection and the request. */
export const tlsFailures: Known = {
  tls_expired: {
    title: "The receiver's certificate has expired",
    meaning: "Posthorn cannot tell whether it really speaks with the receiver, so it sends nothing.",
    steps: ["Renew the certificate of the receiver.", renewed],
    remedy: "receiver",
  },
  tls_not_yet_valid: {
    title: "The receiver's certificate is not valid yet",
    meaning: "Its time begins later, or a clock is wrong.",
    steps: ["Check the certificate's dates, and the clocks of the receiver and of Posthorn."],
    remedy: "receiver",
  },
  tls_wrong_host: {
    title: "The receiver's certificate is for another host",
    meaning: "The host of the URL is not among the names that the certificate is for.",
    steps: [
      "Check the host in the URL: the certificate may be for a name with or without `www`.",
      "Or give the receiver a certificate for this name.",
    ],
    remedy: "settings",
  },
  tls_untrusted: {
    title: "The receiver's certificate is not trusted",
    meaning:
      "It is self-signed, from a private authority, or the receiver does not send the certificates between its own and the authority's.",
    steps: [
      "Let the receiver send its whole chain: the certificate and those in between.",
      "If it is self-signed or comes from an authority of your own, put that certificate into the webhook's TLS settings.",
    ],
    remedy: "settings",
  },
  tls_revoked: {
    title: "The receiver's certificate has been revoked",
    meaning: "Its authority declared it invalid.",
    steps: ["Get a new certificate for the receiver."],
    remedy: "receiver",
  },
  tls_bad_certificate: {
    title: "The receiver's certificate is not acceptable",
    meaning:
      "The error says why: not meant for servers, an authority's own, signed with SHA-1, a short key …",
    steps: ["Look at it with `openssl s_client -connect host:443`.", "Replace it."],
    remedy: "receiver",
  },
  tls_not_spoken: {
    title: "The receiver does not speak TLS on this port",
    meaning: "The URL begins with https, but the port answers without encryption.",
    steps: ["Check the port of the URL: 443 is the usual one for https."],
    remedy: "settings",
  },
  tls_refused: {
    title: "The receiver refused the TLS handshake",
    meaning: "Often it wants a client certificate (mutual TLS), and got none or a wrong one.",
    steps: [
      "If the receiver asks for a client certificate, put it with its key into the webhook's TLS settings.",
      "If there is one, check that it has not expired and that the receiver knows its authority.",
    ],
    remedy: "settings",
  },
  tls_incompatible: {
    title: "The receiver's TLS is too old",
    meaning: "It offers no version from TLS 1.2 on with a cipher that is safe.",
    steps: ["Update the receiver's server, or its TLS settings."],
    remedy: "receiver",
  },
  tls_settings_unusable: {
    title: "The webhook's own TLS settings cannot be used",
    meaning: "A certificate or the key in them is damaged, or they do not belong together.",
    steps: ["Write the client certificate, its key and the authority anew in the webhook's settings."],
    remedy: "settings",
  },
  tls_no_name: {
    title: "No certificate can be for this host",
    meaning: "The host in the URL is not a name or address as certificates hold them.",
    steps: ["Correct the host in the URL."],
    remedy: "settings",
  },
  tls_failed: handshake,
  tls_timeout: handshake,
};
