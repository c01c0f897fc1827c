// The whole loop: independent decoders read the code on screen, a till redeems it, and the page shows the result.
// Tests that wait for the next code are in rotation.spec.ts.
import type { Page } from "@playwright/test";
import { controlClocks, timeMark, wakeAfterSleep } from "../support/clocks.ts";
import { decode, quietZoneModules } from "../support/decoders.ts";
import { Server } from "../support/server.ts";
import { DURATION, codeWithSecondsLeft, expect, idle, showCode, shownDigits, test } from "../support/test.ts";

const SHOP = "sh-wutongli-coffee";

test("the code on screen is scanned, redeemed once, and the result shows within two seconds", DURATION, async ({ server, openAs }) => {
  const page = await openAs("active");
  await showCode(page);
  const digits = await codeWithSecondsLeft(page, 8);
  const panel = await page.getByTestId("code-qr").screenshot();
  const expected = `${server.origin.toUpperCase()}/R/${digits}`;
  expect(await decode(panel)).toEqual({ zxing: expected, jsqr: expected });

  const token = await server.terminal(SHOP);
  const answer = await server.redeem(token, expected, 4_200);
  expect(answer.status).toBe(201);
  const receipt = await answer.json();
  expect(receipt).toMatchObject({ shopId: SHOP, memberMasked: "林*", billFen: 4_200, savedFen: 420, payableFen: 3_780 });

  const result = page.getByTestId("code-result");
  await expect(result).toBeVisible({ timeout: 2_000 });
  for (const part of ["已核销", "省了 ¥4.20", "梧桐里手冲", "应付 ¥37.80", receipt.id]) await expect(result).toContainText(part);

  const again = await server.redeem(token, digits, 4_200);
  expect(again.status).toBe(409);
  expect(again.headers.get("content-type")).toBe("application/problem+json");
  expect((await again.json()).type).toMatch(/code-used$/);
});

test("the saving is on the card once the sheet is closed", async ({ server, openAs }) => {
  const page = await openAs("ending");
  const payoff = page.getByTestId("payoff");
  const saved = async () => Number(/¥([\d.]+)/.exec(await payoff.innerText())?.[1]);
  const before = await saved();
  const digits = await showCode(page);
  expect((await server.redeem(await server.terminal(SHOP), digits, 10_005)).status).toBe(201);
  await page.getByTestId("code-result").getByRole("button", { name: "关闭" }).click();
  await expect(page.getByTestId("code-sheet")).toHaveCount(0);
  await expect.poll(saved).toBeCloseTo(before + 10, 5);
});

test("without server-sent events the page asks, and still shows the result within two seconds", DURATION, async ({ server, openAs, page }) => {
  await page.route("**/v1/events", (route) => route.fulfill({ status: 204 }));
  await openAs("active");
  const digits = await showCode(page);
  expect((await server.redeem(await server.terminal(SHOP), digits, 5_000)).status).toBe(201);
  await expect(page.getByTestId("code-result")).toBeVisible({ timeout: 2_000 });
});

test("a backend that has not heard everywhere of a new credential does not get another", async ({ browser }) => {
  // On this server the member has no device yet.
  const server = await Server.start();
  const context = await browser.newContext({ baseURL: server.origin, viewport: { width: 390, height: 844 }, locale: "zh-CN", serviceWorkers: "block" });
  const page = await context.newPage();
  let enrolments = 0;
  page.on("request", (request) => (enrolments += Number(request.url().endsWith("/v1/credentials"))));
  // The answers of a replica that is behind.
  await page.route("**/v1/me", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), credential: { status: "none" } } });
  });
  await context.request.get("/demo/active");
  await page.goto("/#code");
  const device = async () => (await shownDigits(page)).slice(2, 12);
  const first = await device();
  // The listener for the network comes with the lists.
  await expect(page.getByTestId("shop-row").first()).toBeAttached();
  for (let again = 1; again <= 3; again += 1) {
    const answer = page.waitForResponse("**/v1/me");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await (await answer).finished();
    await idle(page);
  }
  expect(enrolments).toBe(1);
  expect(await device()).toBe(first);
  expect((await server.redeem(await server.terminal(SHOP), await shownDigits(page), 3_000)).status).toBe(201);
  await context.close();
  await server.stop();
});

test("the code rotates in place: never empty, never late, always decodable", async ({ openAs }) => {
  const page = await openAs("active");
  await showCode(page);
  const first = await codeWithSecondsLeft(page, 5);
  await page.getByTestId("code-qr").locator("path").evaluate((path) => {
    const seen = { empty: 0, swaps: 0, at: 0 };
    Object.assign(window, { seen });
    new MutationObserver(() => {
      seen.swaps += 1;
      seen.at = Date.now();
      if (!path.getAttribute("d")) seen.empty += 1;
    }).observe(path, { attributes: true, attributeFilter: ["d"] });
  });
  await expect(page.getByTestId("code-digits")).not.toHaveText(grouped(first), { timeout: 35_000 });
  const digits = await codeWithSecondsLeft(page, 5);
  const { at, ...seen } = await page.evaluate(() => (window as unknown as { seen: { empty: number; swaps: number; at: number } }).seen);
  expect(seen).toEqual({ empty: 0, swaps: 1 });
  // Milliseconds after the step began by the page's time, whose error is half of a request's duration. Frames of a
  // busy machine are late.
  const mark = await timeMark(page);
  expect((at + mark.server - mark.phone) % 30_000).toBeLessThan(5_000);
  const read = await decode(await page.getByTestId("code-qr").screenshot());
  expect(read.zxing).toContain(digits);
  expect(read.jsqr).toContain(digits);
});

for (const [width, height] of [[320, 640], [390, 844], [768, 1024]] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`at ${width}x${height} in ${colorScheme} the panel is large, has its quiet zone and decodes`, async ({ openAs, page }) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await openAs("active");
      await showCode(page);
      const digits = await codeWithSecondsLeft(page, 4);
      const panel = page.getByTestId("code-qr");
      const box = await panel.boundingBox();
      expect(box?.width).toBeGreaterThanOrEqual(0.6 * width);
      const viewBox = (await panel.locator("svg").getAttribute("viewBox"))?.split(" ").map(Number) ?? [];
      const modules = viewBox[2] ?? 0;
      // A module is a whole number of device pixels, or its edges blur.
      expect(((box?.width ?? 0) * 3) / modules).toBeCloseTo(Math.round(((box?.width ?? 0) * 3) / modules), 2);
      const png = await panel.screenshot();
      expect(quietZoneModules(png, modules)).toBeCloseTo(4, 1);
      const read = await decode(png);
      expect(read.zxing).toContain(digits);
      expect(read.jsqr).toContain(digits);
    });
  }
}

test("a reload goes on with the same device: nothing is enrolled anew", async ({ openAs, page }) => {
  const enrolments: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") enrolments.push(request.url());
  });
  await openAs("active");
  const before = await showCode(page);
  const enrolled = enrolments.length;
  // The credential is stored after the code is shown. The browser answers requests of IndexedDB in order.
  await idle(page);
  await page.evaluate(() => indexedDB.databases());
  await page.goto("/#code");
  await page.reload();
  await expect(page.getByTestId("code-digits")).toContainText(before.slice(0, 4));
  expect((await page.getByTestId("code-digits").innerText()).replaceAll(" ", "").slice(0, 12)).toBe(before.slice(0, 12));
  expect(enrolments.length).toBe(enrolled);
});

test("a phone that slept asks for the time before it shows a code again", async ({ openAs, page }) => {
  await controlClocks(page);
  await openAs("active");
  const before = await showCode(page);
  const asked = page.waitForRequest("**/v1/me");
  await wakeAfterSleep(page, 600_000);
  await asked;
  const digits = await codeWithSecondsLeft(page, 5);
  expect(digits.slice(0, 12)).toBe(before.slice(0, 12));
  const serverStep = Math.floor(Date.now() / 30_000);
  const left = Number(/\d+/.exec(await page.getByTestId("code-countdown").innerText())?.[0]);
  expect(Math.abs((serverStep + 1) * 30_000 - Date.now() - left * 1_000)).toBeLessThan(3_000);
});

test("what was redeemed while the sheet was closed does not cover the next code", async ({ server, openAs }) => {
  const page = await openAs("active");
  const digits = await showCode(page);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("code-sheet")).toHaveCount(0);
  const before = await page.getByTestId("payoff").innerText();
  expect((await server.redeem(await server.terminal(SHOP), digits, 6_000)).status).toBe(201);
  await expect(page.getByTestId("payoff")).not.toHaveText(before, { useInnerText: true });
  // The sheet counts a redemption of the last 500 ms as its own result, because the page's time is inexact. No
  // event marks the end of this interval, so the test waits for its age, less than a second.
  await expect.poll(async () => Date.now() - (await redeemedAt(page))).toBeGreaterThan(800);
  await page.getByTestId("code-open").click();
  await expect(page.getByTestId("code-qr")).toBeVisible();
  await expect(page.getByTestId("code-result")).toHaveCount(0);
});

async function redeemedAt(page: Page): Promise<number> {
  const ledger = await page.context().request.get("/v1/redemptions");
  return (await ledger.json()).redemptions[0].redeemedAt;
}

function grouped(digits: string): string {
  return digits.match(/.{4}/g)?.join(" ") ?? "";
}
