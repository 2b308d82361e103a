import { expect, test } from "vitest";
import { queryKeys as keys } from "../src/index.ts";

const acme = { tenant: "acme" };

/** Users write these keys into their own code: what stands here once does not change. */
test("the keys are stable", () => {
  const range = { since: "2025-01-01T00:00:00Z" };
  expect({
    all: keys.all(acme),
    own: keys.all({ tenant: undefined }),
    webhooks: [
      keys.webhooks.all(acme),
      keys.webhooks.list(acme, { search: "x" }),
      keys.webhooks.health(acme),
      keys.webhooks.activity(acme),
      keys.webhooks.preview(acme, { webhook_id: "w" }),
      keys.webhooks.detail(acme, "w"),
      keys.webhooks.gate(acme, "w"),
      keys.webhooks.statistics(acme, "w", range),
    ],
    deliveries: [
      keys.deliveries.all(acme),
      keys.deliveries.list(acme, { webhook: "w" }, { status: "failed" }),
      keys.deliveries.detail(acme, "d"),
    ],
    events: [keys.events.all(acme), keys.events.list(acme, { type: "t" }), keys.events.detail(acme, "e")],
    eventTypes: [
      keys.eventTypes.all(acme),
      keys.eventTypes.list(acme),
      keys.eventTypes.available(acme),
      keys.eventTypes.detail(acme, "t"),
    ],
    deadLetters: [
      keys.deadLetters.all(acme),
      keys.deadLetters.list(acme, { webhook_id: "w" }),
      keys.deadLetters.detail(acme, "1"),
    ],
    replays: [
      keys.replays.all(acme),
      keys.replays.list(acme),
      keys.replays.list(acme, { webhook_id: "w" }),
      keys.replays.detail(acme, "r"),
    ],
    statistics: [keys.statistics.all(acme), keys.statistics.range(acme, range)],
    administration: [
      keys.administration.apiKeys(acme),
      keys.administration.tenants(acme),
      keys.administration.tenant(acme, "t"),
      keys.administration.auditLog(acme, { action: "webhook.created" }),
      keys.administration.session(acme),
      keys.administration.queue(acme),
    ],
  }).toMatchInlineSnapshot(`
    {
      "administration": [
        [
          "posthorn",
          "acme",
          "api-keys",
        ],
        [
          "posthorn",
          "acme",
          "tenants",
        ],
        [
          "posthorn",
          "acme",
          "tenants",
          "t",
        ],
        [
          "posthorn",
          "acme",
          "audit-log",
          {
            "action": "webhook.created",
          },
        ],
        [
          "posthorn",
          "acme",
          "session",
        ],
        [
          "posthorn",
          "acme",
          "queue",
        ],
      ],
      "all": [
        "posthorn",
        "acme",
      ],
      "deadLetters": [
        [
          "posthorn",
          "acme",
          "dead-letters",
        ],
        [
          "posthorn",
          "acme",
          "dead-letters",
          "list",
          {
            "webhook_id": "w",
          },
        ],
        [
          "posthorn",
          "acme",
          "dead-letters",
          "detail",
          "1",
        ],
      ],
      "deliveries": [
        [
          "posthorn",
          "acme",
          "deliveries",
        ],
        [
          "posthorn",
          "acme",
          "deliveries",
          "list",
          {
            "webhook": "w",
          },
          {
            "status": "failed",
          },
        ],
        [
          "posthorn",
          "acme",
          "deliveries",
          "detail",
          "d",
        ],
      ],
      "eventTypes": [
        [
          "posthorn",
          "acme",
          "event-types",
        ],
        [
          "posthorn",
          "acme",
          "event-types",
          "list",
          {},
        ],
        [
          "posthorn",
          "acme",
          "event-types",
          "available",
        ],
        [
          "posthorn",
          "acme",
          "event-types",
          "detail",
          "t",
        ],
      ],
      "events": [
        [
          "posthorn",
          "acme",
          "events",
        ],
        [
          "posthorn",
          "acme",
          "events",
          "list",
          {
            "type": "t",
          },
        ],
        [
          "posthorn",
          "acme",
          "events",
          "detail",
          "e",
        ],
      ],
      "own": [
        "posthorn",
        null,
      ],
      "replays": [
        [
          "posthorn",
          "acme",
          "replays",
        ],
        [
          "posthorn",
          "acme",
          "replays",
          "list",
        ],
        [
          "posthorn",
          "acme",
          "replays",
          "list",
          {
            "webhook_id": "w",
          },
        ],
        [
          "posthorn",
          "acme",
          "replays",
          "detail",
          "r",
        ],
      ],
      "statistics": [
        [
          "posthorn",
          "acme",
          "statistics",
        ],
        [
          "posthorn",
          "acme",
          "statistics",
          {
            "since": "2025-01-01T00:00:00Z",
          },
        ],
      ],
      "webhooks": [
        [
          "posthorn",
          "acme",
          "webhooks",
        ],
        [
          "posthorn",
          "acme",
          "webhooks",
          "list",
          {
            "search": "x",
          },
        ],
        [
          "posthorn",
          "acme",
          "webhooks",
          "health",
        ],
        [
          "posthorn",
          "acme",
          "webhooks",
          "activity",
          {},
        ],
        [
          "posthorn",
          "acme",
          "webhooks",
          "preview",
          {
            "webhook_id": "w",
          },
        ],
        [
          "posthorn",
          "acme",
          "webhooks",
          "detail",
          "w",
        ],
        [
          "posthorn",
          "acme",
          "webhooks",
          "detail",
          "w",
          "gate",
        ],
        [
          "posthorn",
          "acme",
          "webhooks",
          "detail",
          "w",
          "statistics",
          {
            "since": "2025-01-01T00:00:00Z",
          },
        ],
      ],
    }
  `);
});

type KeyMaker = (of: typeof acme, ...rest: never[]) => readonly unknown[];

test("what is of a resource is below its key, so that one word forgets all of it", () => {
  const { administration: _, all: everything, ...resources } = keys;
  for (const resource of Object.values(resources)) {
    const all = resource.all(acme);
    for (const make of Object.values<KeyMaker>(resource)) {
      expect(make(acme).slice(0, all.length)).toEqual(all);
    }
    expect(all.slice(0, everything(acme).length)).toEqual(everything(acme));
  }
});

test("nothing of one tenant is found under another", () => {
  expect(keys.webhooks.list(acme)).not.toEqual(keys.webhooks.list({ tenant: "other" }));
  expect(keys.webhooks.list(acme)).not.toEqual(keys.webhooks.list({ tenant: undefined }));
});
