import { createWebhook, listDeliveries, type Posthorn, publishEvents } from "@posthorn/client";
import type { Receiver } from "../stack/receiver.ts";
import { signaturesOf, verifies } from "../stack/signature.ts";
import { expect, test } from "../stack/test.ts";

/** Publishes one event after the other, each when the one before has arrived. */
function publishOn(posthorn: Posthorn, receiver: Receiver) {
  const before = receiver.arrived.length;
  let isOver = false;
  let published = 0;
  const running = (async () => {
    while (!isOver) {
      await publishEvents(posthorn, { type: "invoice.paid", data: { number: published } });
      published += 1;
      await expect.poll(() => receiver.arrived.length - before, { intervals: [20] }).toBe(published);
    }
    return published;
  })();
  // Whoever stops it hears what went wrong.
  running.catch(() => {});
  return {
    arrives: (more: number) => {
      const wanted = receiver.arrived.length + more;
      return expect.poll(() => receiver.arrived.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(wanted);
    },
    stop: () => {
      isOver = true;
      return running;
    },
  };
}

test("a secret is rotated while deliveries go on, and none of them is refused", async ({
  open,
  posthorn,
  receiver,
}) => {
  const { id, signing_secret: old } = await createWebhook(posthorn, {
    name: "Ledger",
    url: receiver.url("/ledger"),
    event_types: ["*"],
  });
  // As a receiver would do it: it knows one secret, and refuses what does not verify with that.
  let known = old;
  receiver.answers((request) => ({ status: verifies(request, known) ? 200 : 401 }));
  const page = await open(`/webhooks/${id}?tab=secret`);
  const events = publishOn(posthorn, receiver);
  await events.arrives(5);

  await page.getByRole("button", { name: "Rotate the secret" }).click();
  const question = page.getByRole("dialog");
  await expect(question).toContainText("the present one beside it until the overlap ends");
  await question.getByRole("button", { name: "Rotate" }).click();
  const shown = page.getByRole("status").filter({ hasText: "The new secret" });
  const fresh = (await shown.getByText(/^whsec_/).textContent()) ?? "";
  expect(fresh).not.toBe(old);
  const overlap = page.getByRole("alert").filter({ hasText: "Two secrets sign" });
  await expect(overlap).toContainText(/stops signing in (24 h|23 h 59 min)/);

  await events.arrives(5);
  known = fresh;
  await events.arrives(5);
  const published = await events.stop();

  expect(receiver.arrived).toHaveLength(published);
  const strangers = receiver.arrived.filter(
    (request) => !verifies(request, old) && !verifies(request, fresh),
  );
  expect(strangers, "requests that verify with neither secret").toEqual([]);
  const both = receiver.arrived.filter((request) => verifies(request, old) && verifies(request, fresh));
  expect(both.length).toBeGreaterThanOrEqual(10);
  expect(both.map((request) => signaturesOf(request).length)).toEqual(both.map(() => 2));
  await expect
    .poll(async () => (await listDeliveries(posthorn, { webhook: id }, { status: "success" })).total)
    .toBe(published);
  const { deliveries } = await listDeliveries(posthorn, { webhook: id }, { limit: 500 });
  expect(deliveries.filter(({ attempt_count }) => attempt_count !== 1)).toEqual([]);
});
