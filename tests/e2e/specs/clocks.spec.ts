// The phone's clock is never trusted: codes are accepted with a wrong one, and none is shown while the time is not certain.
import type { Page } from "@playwright/test";
import { Server } from "../support/server.ts";
import { codeWithSecondsLeft, expect, showCode, shownDigits, test } from "../support/test.ts";

test.use({ expectedErrors: /Failed to load resource|ERR_|EventSource|Failed to fetch|ServiceWorker/ });

const SHOP = "sh-wutongli-coffee";
const HOUR = 3_600_000;

/** Lets the test set the phone's clock: `setClock(millis)` says how far it is off, also after a reload. */
async function withClock(page: Page, off: number): Promise<void> {
  await page.addInitScript((initially) => {
    const RealDate = Date;
    const read = () => Number(sessionStorage.getItem("clock-off") ?? initially);
    class ShiftedDate extends RealDate {
      constructor(...all: unknown[]) {
        if (all.length === 0) super(RealDate.now() + read());
        else super(...(all as [number]));
      }
      static override now() {
        return RealDate.now() + read();
      }
    }
    Object.assign(window, { Date: ShiftedDate, setClock: (millis: number) => sessionStorage.setItem("clock-off", String(millis)) });
  }, off);
}

async function setClock(page: Page, off: number): Promise<void> {
  await page.evaluate((millis) => (window as unknown as { setClock: (millis: number) => void }).setClock(millis), off);
}

async function redeems(page: Page, server: Server): Promise<void> {
  const digits = await codeWithSecondsLeft(page, 6);
  expect((await server.redeem(await server.terminal(SHOP), digits, 2_000)).status).toBe(201);
  await page.getByTestId("code-result").getByRole("button", { name: "再出示一个码" }).click();
}

/** Waits until the code just used, and the next one that is shown in its place, are of the past: a reload forgets them. */
async function unusedCode(page: Page): Promise<void> {
  const ahead = await shownDigits(page);
  await expect.poll(() => shownDigits(page), { timeout: 65_000 }).not.toBe(ahead);
}

test("however long the page's code takes to come, its time is the server's, who is asked once", async ({ openAs, page }) => {
  let asked = 0;
  page.on("request", (request) => (asked += Number(request.url().endsWith("/v1/me"))));
  await page.route(/\/member-page-[0-9a-f]+\.wasm$/, async (route) => {
    await new Promise((passed) => setTimeout(passed, 5_000));
    await route.continue();
  });
  await openAs("refund-succeeded");
  await expect(page.getByTestId("member-status")).not.toBeEmpty({ timeout: 15_000 });
  expect(asked).toBe(1);
  const [serverTime, phoneTime] = await page.evaluate(() => (localStorage.getItem("time") ?? "").split(",").map(Number));
  // The server runs on this machine; its answer was five seconds old when the page read it.
  expect(Math.abs(serverTime - phoneTime)).toBeLessThan(1_000);
});

for (const off of [24 * HOUR, -24 * HOUR]) {
  test(`with the clock off by ${off / HOUR} hours the code is accepted, and again after a reload without network`, async ({ server, openAs, page }) => {
    test.setTimeout(180_000);
    await withClock(page, off);
    await openAs("active");
    await showCode(page);
    await redeems(page, server);
    await unusedCode(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.context().setOffline(true);
    await page.goto("/#code");
    await page.reload();
    await codeWithSecondsLeft(page, 1);
    const digits = await codeWithSecondsLeft(page, 6);
    expect((await server.redeem(await server.terminal(SHOP), digits, 2_000)).status).toBe(201);
  });
}

test("a clock that jumps in mid-session is noticed and the code goes on being right", async ({ server, openAs, page }) => {
  test.setTimeout(120_000);
  await withClock(page, 0);
  await openAs("active");
  await showCode(page);
  for (const off of [24 * HOUR, -24 * HOUR]) {
    const asked = page.waitForRequest("**/v1/me");
    await setClock(page, off);
    await asked;
    await redeems(page, server);
  }
});

test("a clock that jumps while offline shows no code until the member or the server has said what time it is", async ({ server, openAs, page }) => {
  await withClock(page, 0);
  await openAs("active");
  await showCode(page);
  await page.context().setOffline(true);
  await setClock(page, 3 * HOUR);
  await expect(page.getByTestId("time-in-doubt")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByTestId("code-qr")).toHaveCount(0);
  // The clock is put right and the member says so.
  await setClock(page, 0);
  await page.getByRole("button", { name: "时间对，出示会员码" }).click();
  const digits = await codeWithSecondsLeft(page, 6);
  expect((await server.redeem(await server.terminal(SHOP), digits, 2_000)).status).toBe(201);
});

for (const off of [2 * HOUR, -2 * HOUR, 45_000]) {
  test(`a clock changed by ${off / 1_000} s before a reload without network: no code, the page says so and offers to check`, async ({ openAs, page }) => {
    await withClock(page, 0);
    await openAs("active");
    await showCode(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.context().setOffline(true);
    await setClock(page, off);
    await page.goto("/#code");
    await page.reload();
    const doubt = page.getByTestId("time-in-doubt");
    await expect(doubt).toBeVisible({ timeout: 15_000 });
    await expect(doubt).toContainText("先核对时间");
    await expect(page.getByTestId("code-qr")).toHaveCount(0);
    // Asking in vain changes nothing; being back on the network does, without a tap.
    await doubt.getByRole("button", { name: "联网核对" }).click();
    await page.waitForTimeout(500);
    await expect(page.getByTestId("code-qr")).toHaveCount(0);
    await page.context().setOffline(false);
    await codeWithSecondsLeft(page, 1);
  });
}

test("online, a clock changed before a reload never lets a wrong code be painted", async ({ openAs, page }) => {
  await withClock(page, 0);
  await openAs("active");
  const right = await showCode(page);
  await setClock(page, 5 * 60_000);
  await page.addInitScript(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    const look = () => {
      const digits = document.querySelector("[data-testid='code-digits']")?.textContent;
      if (digits) seen.add(digits);
      requestAnimationFrame(look);
    };
    look();
  });
  // The answer is slow: what is painted before it is what the device believes.
  await page.route("**/v1/me", async (route) => {
    await new Promise((done) => setTimeout(done, 1_500));
    await route.continue();
  });
  await page.goto("/#code");
  await page.reload();
  const digits = await codeWithSecondsLeft(page, 1);
  const seen = await page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen].map((text) => text.replaceAll(" ", "")));
  // At most two: the step may have turned in between.
  expect(seen.length).toBeLessThanOrEqual(2);
  expect(seen).toContain(digits);
  expect(right.slice(0, 12)).toBe(digits.slice(0, 12));
});

test("a tab that was frozen goes on with the right code", async ({ server, openAs, page }) => {
  test.setTimeout(180_000);
  await openAs("active");
  const before = await showCode(page);
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  await new Promise((done) => setTimeout(done, 92_000));
  // From the first frame after it on.
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    const look = () => {
      seen.push(document.querySelector("[data-testid='code-digits']")?.textContent ?? "");
      if (seen.length < 200) requestAnimationFrame(look);
    };
    requestAnimationFrame(() => requestAnimationFrame(look));
  });
  await session.send("Page.setWebLifecycleState", { state: "active" });
  await expect(page.getByTestId("code-digits")).not.toHaveText(before.replace(/(.{4})(?=.)/g, "$1 "));
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen.map((text) => text.replaceAll(" ", "")));
  expect(seen).not.toContain(before);
  await redeems(page, server);
});

test("hidden for an hour, the page shows the right code at once", async ({ page }) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => {
    // What an hour in the background is to a page whose phone does not sleep: both clocks went on, no timer ran.
    const state = { ahead: 0, hidden: false };
    const now = performance.now.bind(performance);
    const RealDate = Date;
    performance.now = () => now() + state.ahead;
    Date.now = () => new RealDate().getTime() + state.ahead;
    Object.defineProperty(Document.prototype, "hidden", { get: () => state.hidden });
    Object.assign(window, { state });
  });
  // By the page's reckoning its sheet was open for that hour, and what was redeemed meanwhile is shown in it: a server on which
  // no other test has redeemed anything.
  const server = await Server.start();
  await page.goto(`${server.origin}/demo/active`);
  await showCode(page);
  const asked = page.waitForRequest("**/v1/me");
  await page.evaluate(() => {
    const { state } = window as unknown as { state: { ahead: number; hidden: boolean } };
    state.hidden = true;
    document.dispatchEvent(new Event("visibilitychange"));
    state.ahead += 3_600_000;
    state.hidden = false;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await asked;
  // The server says that no hour has passed; its word counts. A code with so many seconds left may be half a minute away.
  await expect
    .poll(async () => {
      const digits = await codeWithSecondsLeft(page, 6);
      return (await server.redeem(await server.terminal(SHOP), digits, 2_000)).status;
    }, { timeout: 70_000 })
    .toBe(201);
  await server.stop();
});

test("what was redeemed while the phone slept is shown when it wakes", async ({ server, openAs, page }) => {
  await page.addInitScript(() => {
    const running = performance.now.bind(performance);
    const sleep = { millis: 0 };
    Object.assign(window, { sleep });
    performance.now = () => running() - sleep.millis;
  });
  // Nothing comes through while a phone sleeps.
  let asleep = false;
  await page.route("**/v1/redemptions", (route) => (asleep ? route.abort() : route.continue()));
  await page.route("**/v1/events", (route) => route.fulfill({ status: 204 }));
  await openAs("active");
  await showCode(page);
  await page.waitForTimeout(3_000);
  const digits = await codeWithSecondsLeft(page, 8);
  asleep = true;
  expect((await server.redeem(await server.terminal(SHOP), digits, 2_000)).status).toBe(201);
  await page.waitForTimeout(6_000);
  await page.evaluate(() => {
    // Monotonic time stood still since just before the redemption.
    (window as unknown as { sleep: { millis: number } }).sleep.millis += 7_500;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  asleep = false;
  await expect(page.getByTestId("code-result")).toContainText("省了 ¥2", { timeout: 15_000 });
});
