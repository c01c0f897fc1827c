// After one visit the page opens without network: card, code, the last list; and the code redeems.
import type { Page } from "@playwright/test";
import { Server } from "../support/server.ts";
import { codeWithSecondsLeft, expect, showCode, shownDigits, test } from "../support/test.ts";

test.use({ expectedErrors: /Failed to load resource|ERR_|EventSource|Failed to fetch|ServiceWorker/ });

const SHOP = "sh-wutongli-coffee";

/** A visit that leaves everything on the device: the page's files, the credential. */
async function visit(page: Page): Promise<void> {
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}

test("offline, a reload shows card, code and list, says since when, and the code redeems", async ({ server, openAs, page }) => {
  await openAs("active");
  await visit(page);
  const before = await showCode(page);
  const rows = await page.getByTestId("shop-row").count();
  await page.context().setOffline(true);
  await page.goto("/");
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await expect(page.getByTestId("payoff")).toBeVisible();
  await expect(page.getByTestId("shop-row")).toHaveCount(rows);
  await expect(page.getByTestId("offline-note")).toHaveText(/^\d+月\d+日 \d\d:\d\d 起离线/);

  const digits = await showCode(page);
  expect(digits.slice(0, 12)).toBe(before.slice(0, 12));
  await expect(page.getByTestId("code-sheet")).toContainText("离线中，会员码照常可用");
  const till = await server.terminal(SHOP);
  expect((await server.redeem(till, await codeWithSecondsLeft(page, 5), 3_000)).status).toBe(201);
  await page.context().setOffline(false);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(page.getByTestId("code-sheet")).not.toContainText("离线中");
});

test("a first visit without opening the code is enough for a card that no device has yet", async ({ browser }) => {
  // A server of its own, where nobody has enrolled.
  const server = await Server.start();
  const context = await browser.newContext({ baseURL: server.origin, locale: "zh-CN" });
  const page = await context.newPage();
  await context.request.get("/demo/active");
  const enrolled = page.waitForResponse((response) => response.url().endsWith("/v1/credentials"));
  await page.goto("/");
  await enrolled;
  await visit(page);
  await context.setOffline(true);
  await page.goto("/#code");
  await shownDigits(page);
  await context.close();
  await server.stop();
});

test("the shop of a sticker is known offline from the last list, with its own way", async ({ openAs, page }) => {
  await openAs("active");
  await visit(page);
  await showCode(page);
  await page.context().setOffline(true);
  await page.goto("/?shop=sh-laozaojian-noodles");
  await expect(page.getByTestId("code-sheet")).toContainText("老灶间面馆");
  await shownDigits(page);
});

test("without a service worker an open page goes on: codes rotate, the sheet opens, a code redeems", async ({ browser, server }) => {
  const context = await browser.newContext({ baseURL: server.origin, serviceWorkers: "block", locale: "zh-CN" });
  const page = await context.newPage();
  await context.request.get("/demo/active");
  await page.goto("/");
  const first = await showCode(page);
  await context.setOffline(true);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("code-sheet")).toHaveCount(0);
  await page.getByTestId("code-open").click();
  await expect.poll(() => shownDigits(page), { timeout: 40_000 }).not.toBe(first);
  expect((await server.redeem(await server.terminal(SHOP), await codeWithSecondsLeft(page, 5), 3_000)).status).toBe(201);
  // Going on to another page and back is served from the HTTP cache.
  await page.goto("about:blank");
  await page.goBack();
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await context.close();
});

test("after more hours offline than the server allows there is no code, and the page says what to do", async ({ openAs, page }) => {
  await openAs("active");
  await visit(page);
  await showCode(page);
  await page.keyboard.press("Escape");
  await page.context().setOffline(true);
  // As if the last answer were 73 hours old, by both of the phone's clocks.
  await page.evaluate(() => {
    const hours = 73 * 3_600_000;
    const me = JSON.parse(localStorage.getItem("last-me") ?? "{}");
    me.serverTime -= hours;
    localStorage.setItem("last-me", JSON.stringify(me));
  });
  await page.goto("/#code");
  await page.reload();
  const sheet = page.getByTestId("code-sheet");
  await expect(sheet).toContainText("太久没有联网");
  await expect(page.getByTestId("code-qr")).toHaveCount(0);
  await sheet.getByRole("button", { name: "重试" }).click();
  await expect(sheet).toContainText("太久没有联网");
  await page.context().setOffline(false);
  await shownDigits(page);
});

test("answers of the backend are not in the service worker's cache, and the staff's page is not served from it", async ({ openAs, page }) => {
  await openAs("active");
  await visit(page);
  const kept = await page.evaluate(async () => {
    const urls: string[] = [];
    for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) urls.push(new URL(request.url).pathname);
    return urls;
  });
  expect(kept).toContain("/");
  expect(kept.filter((path) => /^\/(v1|R|r|demo)\b/.test(path))).toEqual([]);
  const answer = await page.goto("/R/66000000000000000000");
  expect(answer?.fromServiceWorker()).toBe(false);
});
