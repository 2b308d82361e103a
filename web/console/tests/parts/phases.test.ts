import { expect, test } from "vitest";
import { phasesOf } from "../../src/parts/phases.ts";

const named = (...args: Parameters<typeof phasesOf>) =>
  phasesOf(...args).map(({ name, milliseconds }) => [name, milliseconds]);

test("the parts of a request come in their order, and what is left is the body", () => {
  expect(named({ dns_ms: 1, connect_ms: 2, tls_ms: 3, first_byte_ms: 4 }, 20, true)).toEqual([
    ["DNS", 1],
    ["Connect", 2],
    ["TLS", 3],
    ["First byte", 4],
    ["Body", 10],
  ]);
});

test("a connection that was open has no handshake", () => {
  expect(named({ dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: 4.2 }, 4, true)).toEqual([
    ["First byte", 4.2],
  ]);
});

test("without an answer the rest was a wait in vain", () => {
  expect(named({ dns_ms: 1 }, 30_000, false)).toEqual([
    ["DNS", 1],
    ["Waited in vain", 29_999],
  ]);
  expect(named({}, null, false)).toEqual([]);
});
