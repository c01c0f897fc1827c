// The page never trusts the phone's clock. Codes are accepted although it is wrong, and the page shows none
// while the time is uncertain.
import type { Browser, Page } from "@playwright/test";
import { controlClocks, hideFor, passTime, setPhoneClock, timeMark, wakeAfterSleep } from "../support/clocks.ts";
import { Server } from "../support/server.ts";
import { NO_NETWORK, expect, idle, nextCode, showCode, shownDigits, test } from "../support/test.ts";

/** In seconds. Several tests wait for the next code. */
const PERIOD = 6;
test.use({ codePeriod: PERIOD });
test.use({ expectedErrors: NO_NETWORK });

const SHOP = "sh-wutongli-coffee";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The status of a till's answer to this code. */
async function redemption(server: Server, digits: string): Promise<number> {
  return (await server.redeem(await server.terminal(SHOP), digits, 2_000)).status;
}

/** A till accepts the code on the sheet. The sheet then shows another. */
async function redeems(page: Page, server: Server): Promise<void> {
  expect(await redemption(server, await shownDigits(page))).toBe(201);
  await page.getByTestId("code-result").getByRole("button", { name: "再出示一个码" }).click();
}

/** Holds the answers about the member until the returned function is called. */
async function heldMember(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/v1/me", async (route) => {
    await released;
    // A document that is gone has cancelled its request.
    await route.continue().catch(() => undefined);
  });
  return release;
}

test("however long the page's code takes to come, its time is the server's, who is asked once", async ({ openAs, page }) => {
  let asked = 0;
  page.on("request", (request) => (asked += Number(request.url().endsWith("/v1/me"))));
  await controlClocks(page);
  await page.route(/\/member-page-[0-9a-f]+\.wasm$/, async (route) => {
    // `index.html` has the server's answer. It is three seconds old when the wasm reads it. A page that
    // counted all of this as the request's round trip would be 1.5 s off. After 8 s it would ask again.
    await page.waitForFunction(() => Array.isArray((window as unknown as { memberPageStart: { me: unknown } }).memberPageStart.me));
    await passTime(page, 3_000);
    await route.continue();
  });
  await openAs("refund-succeeded");
  await expect(page.getByTestId("member-status")).not.toBeEmpty();
  expect(asked).toBe(1);
  // The server runs on this machine, so both clocks agree.
  const mark = await timeMark(page);
  expect(Math.abs(mark.server - mark.phone)).toBeLessThan(1_000);
});

for (const off of [24 * HOUR, -24 * HOUR]) {
  test(`with the clock off by ${off / HOUR} hours the code is accepted, and again after a reload without network`, async ({ server, openAs, page }) => {
    await controlClocks(page, off);
    await openAs("active");
    await showCode(page);
    await redeems(page, server);
    // The used code and the one shown in its place must be over: a reload forgets that they are used.
    await nextCode(page, await shownDigits(page));
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.context().setOffline(true);
    await page.goto("/#code");
    await page.reload();
    expect(await redemption(server, await shownDigits(page))).toBe(201);
  });
}

test("a clock that jumps in mid-session is noticed and the code goes on being right", async ({ server, openAs, page }) => {
  await controlClocks(page);
  await openAs("active");
  await showCode(page);
  for (const off of [24 * HOUR, -24 * HOUR]) {
    await setPhoneClock(page, off);
    // The page has requested the time again.
    await expect.poll(async () => Math.round(((await timeMark(page)).phone - (await timeMark(page)).server) / HOUR)).toBe(off / HOUR);
    await redeems(page, server);
  }
});

test("a clock that jumps while offline shows no code until the member or the server has said what time it is", async ({ server, openAs, page }) => {
  await controlClocks(page);
  await openAs("active");
  await showCode(page);
  await page.context().setOffline(true);
  await setPhoneClock(page, 3 * HOUR);
  await expect(page.getByTestId("time-in-doubt")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByTestId("code-qr")).toHaveCount(0);
  // The member corrects the clock and confirms it.
  await setPhoneClock(page, 0);
  await page.getByRole("button", { name: "时间对，出示会员码" }).click();
  expect(await redemption(server, await shownDigits(page))).toBe(201);
});

for (const off of [2 * HOUR, -2 * HOUR, 45_000]) {
  test(`a clock changed by ${off / 1_000} s before a reload without network: no code, the page says so and offers to check`, async ({ openAs, page }) => {
    await controlClocks(page);
    await openAs("active");
    await showCode(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.context().setOffline(true);
    await setPhoneClock(page, off);
    await page.goto("/#code");
    await page.reload();
    const doubt = page.getByTestId("time-in-doubt");
    await expect(doubt).toBeVisible({ timeout: 15_000 });
    await expect(doubt).toContainText("先核对时间");
    await expect(page.getByTestId("code-qr")).toHaveCount(0);
    // A failed request changes nothing. A network changes it, without a tap.
    const failed = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/v1/me"));
    await doubt.getByRole("button", { name: "联网核对" }).click();
    await failed;
    await idle(page);
    await expect(page.getByTestId("code-qr")).toHaveCount(0);
    await page.context().setOffline(false);
    await shownDigits(page);
  });
}

test("online, a clock changed before a reload never lets a wrong code be painted", async ({ server, openAs, page }) => {
  await controlClocks(page);
  await openAs("active");
  const right = await showCode(page);
  // Until the answer, the page has only the phone's time.
  const release = await heldMember(page);
  await setPhoneClock(page, 5 * MINUTE);
  await page.addInitScript(() => {
    const painted: string[] = [];
    Object.assign(window, { painted });
    const look = () => {
      const digits = document.querySelector("[data-testid='code-digits']")?.textContent?.replaceAll(" ", "");
      if (digits && digits !== painted.at(-1)) painted.push(digits);
      requestAnimationFrame(look);
    };
    look();
  });
  const painted = () => page.evaluate(() => (window as unknown as { painted: string[] }).painted);
  await page.goto("/#code");
  await page.reload();
  // The credential is loaded; only the time is missing. A wrong code would follow within a frame.
  await expect(page.getByTestId("code-digits")).toBeAttached();
  for (let times = 0; times < 10; times += 1) await idle(page);
  expect(await painted()).toEqual([]);
  release();
  expect((await shownDigits(page)).slice(0, 12)).toBe(right.slice(0, 12));
  // The first painted code is a right one.
  await expect.poll(painted).not.toEqual([]);
  expect(await redemption(server, (await painted())[0] ?? "")).toBe(201);
});

/**
 * Stops the browser's renderer processes, and returns a function that continues them. Chromium's own freezing does not
 * work here: Playwright keeps every page visible, and a visible page is not frozen.
 */
async function freeze(browser: Browser): Promise<() => void> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  const signal = (name: "SIGSTOP" | "SIGCONT") => renderers.forEach(({ id }) => process.kill(id, name));
  signal("SIGSTOP");
  return () => signal("SIGCONT");
}

test("a tab that was frozen goes on with the right code", async ({ browser, server, openAs, page }) => {
  await openAs("active");
  const before = await showCode(page);
  const step = () => Math.floor(Date.now() / (PERIOD * 1_000));
  const shownIn = step();
  // Notes the time and the digits of every frame.
  await page.evaluate(() => {
    const painted: { at: number; digits: string }[] = [];
    Object.assign(window, { painted });
    const look = () => {
      painted.push({ at: Date.now(), digits: document.querySelector("[data-testid='code-digits']")?.textContent?.replaceAll(" ", "") ?? "" });
      requestAnimationFrame(look);
    };
    look();
  });
  const thaw = await freeze(browser);
  let thawed = 0;
  try {
    // Tills accept a code until the end of the next step.
    await expect.poll(step, { timeout: 3 * PERIOD * 1_000 }).toBeGreaterThan(shownIn + 1);
  } finally {
    thawed = Date.now();
    thaw();
  }
  await expect.poll(() => shownDigits(page)).not.toBe(before);
  await idle(page);
  await idle(page);
  const painted = await page.evaluate(() => (window as unknown as { painted: { at: number; digits: string }[] }).painted);
  const after = painted.filter(({ at }) => at >= thawed).map(({ digits }) => digits);
  // The page stood still meanwhile.
  expect(painted.filter(({ at }) => at < thawed).at(-1)?.digits).toBe(before);
  // The first frames can come before the page's timer.
  expect(after.length).toBeGreaterThan(3);
  expect(after.slice(3)).not.toContain(before);
  expect(await redemption(server, before)).toBe(410);
  await redeems(page, server);
});

test("hidden for an hour, the page shows the right code at once", async ({ page }) => {
  await controlClocks(page);
  // By the page's clocks, the sheet was open for that hour, and it would show what was redeemed meanwhile. On
  // this server no other test redeems. Its codes have the usual period of 30 s.
  const server = await Server.start();
  await page.goto(`${server.origin}/demo/active`);
  await showCode(page);
  await hideFor(page, HOUR);
  // The page asks for the time when it is visible again. The server's answer is that no hour has passed.
  const mark = async () => (await timeMark(page)).phone - Date.now();
  await expect.poll(mark).toBeGreaterThan(HOUR - MINUTE);
  await expect.poll(async () => redemption(server, await shownDigits(page))).toBe(201);
  await page.close();
  await server.stop();
});

test("what was redeemed while the phone slept is shown when it wakes", async ({ server, openAs, page }) => {
  await controlClocks(page);
  // Nothing reaches a phone that sleeps.
  let asleep = false;
  await page.route("**/v1/redemptions", (route) => (asleep ? route.abort("internetdisconnected") : route.continue()));
  await page.route("**/v1/events", (route) => route.fulfill({ status: 204 }));
  await openAs("active");
  await showCode(page);
  asleep = true;
  expect(await redemption(server, await shownDigits(page))).toBe(201);
  // The phone fell asleep as soon as the sheet was open.
  await wakeAfterSleep(page, 4_000);
  asleep = false;
  await expect(page.getByTestId("code-result")).toContainText("省了 ¥2", { timeout: 15_000 });
});
