import { createWebhook, enableWebhook, listDeliveries, listEvents, publishEvents } from "@posthorn/client";
import { stays } from "../stack/page.ts";
import { expect, test } from "../stack/test.ts";

/** A replay hands over 500 a second: this takes long enough to be watched. */
const COUNT = 1_500;
const BATCH = 500;

test("what happened while a webhook was disabled is replayed, and the progress is watched", async ({
  open,
  posthorn,
  receiver,
}) => {
  test.setTimeout(240_000);
  const { id } = await createWebhook(posthorn, {
    name: "Search index",
    url: receiver.url("/index"),
    event_types: ["page.*"],
    enabled: false,
  });
  for (let n = 0; n < COUNT; n += BATCH) {
    await publishEvents(
      posthorn,
      Array.from({ length: BATCH }, (_, place) => ({ type: "page.changed", data: { page: n + place } })),
    );
  }
  await expect
    .poll(async () => (await listEvents(posthorn, { limit: 1 })).total, { timeout: 60_000 })
    .toBe(COUNT);
  await enableWebhook(posthorn, id);
  expect(receiver.arrived).toEqual([]);

  const page = await open(`/webhooks/${id}?tab=replays`);
  const isStillTheSame = await stays(page);
  await page.getByRole("button", { name: "Last 24 hours" }).click();
  await expect(page.getByRole("radio", { name: "What was not delivered" })).toBeChecked();
  await page.getByRole("button", { name: "Replay", exact: true }).click();

  const watch = page.getByRole("region", { name: "Replay of a time range" });
  const progress = watch.getByRole("status");
  await expect(progress).toHaveText(/^[\d,]+ of 1,500 looked at/);
  const bar = watch.getByRole("progressbar", { name: "Progress of the replay" });
  await expect(bar).toHaveAttribute("aria-valuenow", "100", { timeout: 60_000 });
  await expect(progress).toHaveText("Done: 1,500 on their way again");
  await expect(
    page.getByRole("region", { name: "Replayed lately" }).getByText("Done", { exact: true }),
  ).toBeVisible();
  await isStillTheSame();

  await expect
    .poll(async () => (await listDeliveries(posthorn, { webhook: id }, { status: "success" })).total, {
      timeout: 150_000,
    })
    .toBe(COUNT);
  const arrived = new Set(receiver.arrived.map(({ headers }) => headers["webhook-id"]));
  expect(arrived.size).toBe(COUNT);
});
