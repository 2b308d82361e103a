import { createWebhook, listDeadLetters, listDeliveries, publishEvents } from "@posthorn/client";
import { stays } from "../stack/page.ts";
import { expect, test } from "../stack/test.ts";

const COUNT = 500;

test("500 dead letters are chosen and retried, and all of them are delivered", async ({
  open,
  posthorn,
  receiver,
}) => {
  test.setTimeout(240_000);
  receiver.answers({ status: 400, body: "not yet" });
  const { id } = await createWebhook(posthorn, {
    name: "Archive",
    url: receiver.url("/archive"),
    event_types: ["*"],
    max_retries: 0,
  });
  await publishEvents(
    posthorn,
    Array.from({ length: COUNT }, (_, n) => ({ type: "document.signed", data: { n } })),
  );
  const dead = async () => (await listDeadLetters(posthorn, { limit: 1 })).total;
  await expect.poll(dead, { timeout: 90_000 }).toBe(COUNT);
  receiver.answers({ status: 200 });

  const page = await open("/dead-letters");
  const isStillTheSame = await stays(page);
  await page.getByRole("checkbox", { name: "All that are shown" }).check();
  await page.getByRole("button", { name: `Choose all ${COUNT} that match` }).click();
  await expect(page.getByText(`All ${COUNT} that match are chosen`)).toBeVisible();
  await page.getByRole("button", { name: "Retry" }).click();

  const watch = page.getByRole("region", { name: "Retry of dead letters" });
  await expect(watch.getByRole("progressbar", { name: "Progress of the replay" })).toBeVisible();
  await expect(watch.getByRole("status")).toHaveText(`Done: ${COUNT} on their way again`, {
    timeout: 60_000,
  });
  await expect(page.getByText("No dead letters")).toBeVisible();
  await isStillTheSame();

  const delivered = async () =>
    (await listDeliveries(posthorn, { webhook: id }, { status: "success" })).total;
  await expect.poll(delivered, { timeout: 120_000 }).toBe(COUNT);
  await expect.poll(dead).toBe(0);
  const ids = receiver.arrived.map(({ headers }) => headers["webhook-id"]);
  expect(new Set(ids.slice(COUNT)), "each arrived again").toEqual(new Set(ids.slice(0, COUNT)));
});
