// The kill switch: an operator retires the service worker, and devices delete it and its caches.
import type { Page } from "@playwright/test";
import { Server } from "../support/server.ts";
import { expect, showCode, shownDigits, test } from "../support/test.ts";

async function caches(page: Page): Promise<string[]> {
  return page.evaluate(() => window.caches.keys());
}

async function registrations(page: Page): Promise<number> {
  return page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
}

test("a retired worker deletes its caches and unregisters, and an open page goes on", async ({ browser }) => {
  let server = await Server.start();
  const context = await browser.newContext({ baseURL: server.origin, locale: "zh-CN" });
  const page = await context.newPage();
  await context.request.get("/demo/active");
  await page.goto("/");
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  expect(await caches(page)).toHaveLength(1);
  await showCode(page);
  // A reload would delete this mark.
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));

  server = await server.replaced("--retire-service-worker");
  // Browsers do this by themselves when the page is opened, and once a day.
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  await expect.poll(() => registrations(page)).toBe(0);
  await expect.poll(() => caches(page)).toEqual([]);
  await shownDigits(page);
  await page.keyboard.press("Escape");
  await showCode(page);
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);

  // The server answers the next visit. It leaves no worker and no cache, although the page registers a worker.
  const answer = await page.goto("/");
  expect(answer?.fromServiceWorker()).toBe(false);
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await expect.poll(() => registrations(page)).toBe(0);
  expect(await caches(page)).toEqual([]);

  // Without the switch, the worker comes back.
  server = await server.replaced();
  await page.goto("/");
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  expect(await caches(page)).toHaveLength(1);
  await context.close();
  await server.stop();
});
