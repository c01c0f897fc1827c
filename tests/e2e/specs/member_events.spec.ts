// Members-only events: from the list to a seat, to the waiting list, and from there to a seat.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

/** Opens the first event whose row contains this text, and returns its id. */
async function open(page: Page, seats: RegExp): Promise<string> {
  await page.getByTestId("events-all").click();
  const row = page.getByTestId("event-row").filter({ hasText: seats }).first();
  const id = await row.getAttribute("data-event-id");
  await row.getByRole("button").click();
  await expect(page.getByTestId("event-sheet")).toBeVisible();
  return id ?? "";
}

test("a seat is taken, shown, and given back after asking once more", async ({ openAs, page }) => {
  await openAs("active");
  await open(page, /余 2 席/);
  const sheet = page.getByTestId("event-sheet");
  await page.getByTestId("event-sign-up").click();
  await expect(sheet).toContainText("已报名");
  await expect(page.getByTestId("event-seats")).toContainText("余 1 席");
  await page.reload();
  await expect(sheet).toContainText("已报名");
  await page.getByTestId("event-cancel").click();
  await expect(sheet).toContainText("已报名");
  await page.getByTestId("event-cancel").click();
  await expect(page.getByTestId("event-sign-up")).toBeVisible();
  await expect(page.getByTestId("event-seats")).toContainText("余 2 席");
});

test("a full event is waited for, and a seat that is given back is the first one's who waits", async ({ openAs, page, server }) => {
  await openAs("active");
  const id = await open(page, /已满/);
  await expect(page.getByTestId("event-sign-up")).toContainText("候补");
  await page.getByTestId("event-sign-up").click();
  const sheet = page.getByTestId("event-sheet");
  await expect(sheet).toContainText("候补第 4 位");
  // The operator adds seats. All members on the waiting list get one, and this page is notified.
  const answer = await page.request.get("/v1/member-events");
  const event = ((await answer.json()) as { events: Record<string, unknown>[] }).events.find((event) => event["id"] === id);
  expect(event).toMatchObject({ seatsLeft: 0, waiting: 4 });
  const file = join(mkdtempSync(join(tmpdir(), "member-page-events-")), "events.csv");
  // Local time in Shanghai.
  const starts = new Date(Number(event?.["startsAt"]) + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
  const row = [id, event?.["title"], event?.["city"], event?.["venue"], starts, Number(event?.["seats"]) + 4];
  writeFileSync(file, `id,title,city,venue,starts_at,seats\n${row.join(",")}\n`);
  server.operator("import", "events", file);
  await expect(sheet).toContainText("已报名", { timeout: 10_000 });
});
