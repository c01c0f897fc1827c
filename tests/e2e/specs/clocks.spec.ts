// The phone's clock is never trusted: codes are accepted with a wrong one, and none is shown while the time is not certain.
import type { Page } from "@playwright/test";
import type { Server } from "../support/server.ts";
import { codeWithSecondsLeft, expect, showCode, test } from "../support/test.ts";

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

/** The code of the next step, so that the one just spent is not in the way. */
async function nextCode(page: Page): Promise<void> {
  const spent = await page.getByTestId("code-digits").innerText();
  await expect(page.getByTestId("code-digits")).not.toHaveText(spent, { timeout: 35_000 });
}

for (const off of [24 * HOUR, -24 * HOUR]) {
  test(`with the clock off by ${off / HOUR} hours the code is accepted, and again after a reload without network`, async ({ server, openAs, page }) => {
    test.setTimeout(120_000);
    await withClock(page, off);
    await openAs("active");
    await showCode(page);
    await redeems(page, server);
    await nextCode(page);
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
    await nextCode(page);
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
  test.setTimeout(120_000);
  await openAs("active");
  const before = await showCode(page);
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  await new Promise((done) => setTimeout(done, 32_000));
  await session.send("Page.setWebLifecycleState", { state: "active" });
  await expect(page.getByTestId("code-digits")).not.toHaveText(before.replace(/(.{4})(?=.)/g, "$1 "));
  await redeems(page, server);
});

test("hidden for an hour, the page shows the right code at once", async ({ server, openAs, page }) => {
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
  await openAs("active");
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
  // The server says that no hour has passed; its word counts.
  await expect
    .poll(async () => {
      const digits = await codeWithSecondsLeft(page, 6);
      return (await server.redeem(await server.terminal(SHOP), digits, 2_000)).status;
    })
    .toBe(201);
});

test("out of the back-forward cache comes the code of now", async ({ server, openAs, page }) => {
  test.setTimeout(120_000);
  await openAs("active");
  await showCode(page);
  await page.goto(`${server.origin}/healthz`);
  await page.waitForTimeout(31_000);
  await page.goBack();
  if ((await page.getByTestId("code-sheet").count()) === 0) await page.getByTestId("code-open").click();
  const digits = await codeWithSecondsLeft(page, 6);
  expect((await server.redeem(await server.terminal(SHOP), digits, 2_000)).status).toBe(201);
});
