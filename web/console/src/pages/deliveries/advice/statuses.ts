import type { Advice } from "../advice.ts";

/** Explains an answer of the receiver that was no success; of a success, that there is something to be said of it. */
export function adviceOnStatus(status: number, hasMessage: boolean): Advice | undefined {
  if (status >= 200 && status < 300) {
    return hasMessage ? slowBody : undefined;
  }
  return known[status] ?? ofClass(status);
}

const slowBody: Advice = {
  title: "The receiver took it, but did not end its answer",
  meaning:
    "The status alone decides, so this delivery is a success. The rest of the answer was not waited for.",
  steps: ["Let the receiver end its answer at once: an empty body with 204 is best."],
  remedy: "receiver",
};

const known: Partial<Record<number, Advice>> = {
  400: {
    title: "The receiver calls the request malformed (400)",
    meaning: "It read the request and did not like the body or a header.",
    steps: [
      "Read its answer below: most say what they miss.",
      "Compare the payload with what the receiver expects; the payload format or a template can change it.",
    ],
    remedy: "settings",
  },
  401: {
    title: "The receiver does not accept the credentials (401)",
    meaning: "The request carried none, or they are wrong or have expired.",
    steps: [
      "Check the authentication in the webhook's settings; a secret that has expired is written anew there.",
      "If the receiver verifies the signature, check that it uses this webhook's secret, and the body byte for byte.",
    ],
    remedy: "settings",
  },
  403: {
    title: "The receiver forbids the request (403)",
    meaning:
      "It knows who asks and does not allow it, or a firewall before it refuses the address that Posthorn sends from.",
    steps: [
      "Check what the credentials are allowed to do at the receiver.",
      "Ask whoever runs the receiver whether a firewall or bot protection refuses Posthorn.",
      "If the receiver verifies the signature, check that it uses this webhook's secret.",
    ],
    remedy: "settings",
  },
  404: {
    title: "There is nothing at this URL (404)",
    meaning: "The host answers, but does not know the path.",
    steps: [
      "Compare the URL with the one that the receiver gives: path, slashes at the end, version.",
      "If the receiver was moved, write the new URL into the webhook's settings.",
    ],
    remedy: "settings",
  },
  405: {
    title: "The receiver takes no POST at this URL (405)",
    meaning: "The path exists, but not for deliveries.",
    steps: ["Check that the URL is the one for webhooks, not that of a page."],
    remedy: "settings",
  },
  408: {
    title: "The receiver waited too long for the request (408)",
    meaning: "The connection to it was slow, or it is overloaded.",
    steps: ["If it goes on, look at the load of the receiver."],
    remedy: "receiver",
  },
  410: {
    title: "The receiver is gone for good (410)",
    meaning: "It asks never to be called again, so Posthorn disabled the webhook.",
    steps: [
      "If the receiver has another URL now, write it into the settings and enable the webhook.",
      "If it is no longer needed, delete the webhook.",
    ],
    remedy: "enable",
  },
  413: {
    title: "The payload is too large for the receiver (413)",
    meaning: "Its server or a proxy before it limits the size of requests.",
    steps: ["Raise that limit at the receiver, or send less by a template."],
    remedy: "settings",
  },
  415: {
    title: "The receiver does not take this content type (415)",
    meaning: "It expects another format than the one that was sent.",
    steps: ["Choose another payload format, or set the `content-type` among the custom headers."],
    remedy: "settings",
  },
  422: {
    title: "The receiver does not accept the content (422)",
    meaning: "It could read the request, but something in it is not as it expects.",
    steps: ["Read its answer below: most name the field.", "Adapt the payload by a template or a filter."],
    remedy: "settings",
  },
  425: {
    title: "The receiver asks to come later (425)",
    meaning: "It does not want to take a risk with a request so early in a connection.",
    steps: ["Nothing, unless it goes on: then ask whoever runs the receiver."],
    remedy: "receiver",
  },
  429: {
    title: "The receiver has had too many requests (429)",
    meaning:
      "Posthorn leaves it alone for as long as it asked, and holds back its other deliveries meanwhile.",
    steps: [
      "While they have attempts left, its deliveries wait and go on by themselves.",
      "If it happens often, set a rate limit in the webhook's settings below what the receiver allows.",
    ],
    remedy: "settings",
  },
  500: {
    title: "The receiver failed while it handled the request (500)",
    meaning: "Its program broke down over this delivery; the request itself reached it.",
    steps: [
      "Look into the receiver's log at the time of the attempt; the header `webhook-id` names the event.",
      "Reproduce it with the request copied as curl.",
    ],
    remedy: "receiver",
  },
  502: {
    title: "A proxy before the receiver got no good answer from it (502)",
    meaning: "The receiver's program is down, restarting, or broke the connection off.",
    steps: ["Check that the program behind the proxy runs."],
    remedy: "receiver",
  },
  503: {
    title: "The receiver is not available (503)",
    meaning: "It is overloaded or being maintained. Posthorn sends it less until it answers again.",
    steps: ["If it lasts, look at the state and the load of the receiver."],
    remedy: "receiver",
  },
  504: {
    title: "A proxy before the receiver waited too long for it (504)",
    meaning: "The receiver takes longer for an answer than its own proxy allows.",
    steps: ["Let the receiver answer first and do the work afterwards."],
    remedy: "receiver",
  },
};

function ofClass(status: number): Advice {
  if (status >= 300 && status < 400) {
    return {
      title: `The receiver answers with a redirect (${status})`,
      meaning: "Posthorn does not follow redirects: they could lead a signed request to somebody else.",
      steps: [
        "Find where it leads: the `location` header of the answer below.",
        "If that is the receiver's, write it into the webhook's settings as the URL. Often `https` or a slash is missing.",
      ],
      remedy: "settings",
    };
  }
  if (status >= 500) {
    return {
      title: `The receiver failed (${status})`,
      meaning: "Something at the receiver or at a proxy before it is broken.",
      steps: ["Look into the log of the receiver."],
      remedy: "receiver",
    };
  }
  if (status >= 400) {
    return {
      title: `The receiver refuses the request (${status})`,
      meaning: "It says that the request is at fault, so the same request may fail again.",
      steps: ["Read its answer below.", "Change the webhook's settings to what the receiver expects."],
      remedy: "settings",
    };
  }
  return {
    title: `The receiver's answer means nothing for a webhook (${status})`,
    meaning: "Only a status of 200 to 299 says that a delivery was taken.",
    steps: ["Let the receiver answer with 200 or 204."],
    remedy: "receiver",
  };
}
