// Coming back to the page through the history: out of the back-forward cache, and without it.
import type { Page } from "@playwright/test";
import { chromium } from "../support/browser.ts";
import type { Server } from "../support/server.ts";
import { answered, expect, idle, showCode, shownDigits, test } from "../support/test.ts";

/** In seconds. Each test stays away until the next code. */
const PERIOD = 6;
test.use({ codePeriod: PERIOD });
// Playwright turns the back-forward cache off by default.
test.use({ launchOptions: { ...chromium.launchOptions, ignoreDefaultArgs: ["--disable-back-forward-cache"] } });
// The page where the member goes meanwhile has no icon.
test.use({ expectedErrors: answered(404) });

interface Return {
  /** Whether the page came out of the back-forward cache. */
  persisted: boolean;
  /** The digits of every frame since. */
  painted: string[];
}

/** Notes each return to the page. Must run before the page's own listener. */
async function noteReturns(page: Page): Promise<() => Promise<Return>> {
  await page.addInitScript(() => {
    addEventListener("pageshow", ({ persisted }) => {
      const painted: string[] = [];
      Object.assign(window, { returned: { persisted, painted } });
      const look = () => {
        painted.push(document.querySelector("[data-testid='code-digits']")?.textContent?.replaceAll(" ", "") ?? "");
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  });
  return () => page.evaluate(() => (window as unknown as { returned: Return }).returned);
}

/** Stays elsewhere until the next code is current. */
async function leaveForOneCode(page: Page, server: Server): Promise<void> {
  const step = () => Math.floor(Date.now() / (PERIOD * 1_000));
  const left = step();
  await page.goto(`${server.origin}/healthz`);
  await expect.poll(step, { timeout: 2 * PERIOD * 1_000 }).toBeGreaterThan(left);
}

/** Goes back. A page out of the cache fires no load event, so only the navigation is awaited. */
async function comeBack(page: Page): Promise<void> {
  await page.goBack({ waitUntil: "commit" });
}

test("coming back out of the back-forward cache, the page asks for the time and never paints the old code", async ({ server, openAs, page }) => {
  const returned = await noteReturns(page);
  await openAs("active");
  const before = await showCode(page);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await leaveForOneCode(page, server);
  const asked = page.waitForRequest("**/v1/me");
  await comeBack(page);
  await asked;
  expect((await returned()).persisted).toBe(true);
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
  await expect.poll(() => shownDigits(page)).not.toBe(before);
  const { painted } = await returned();
  expect(painted).not.toEqual([]);
  expect(painted).not.toContain(before);
  const digits = await shownDigits(page);
  expect((await server.redeem(await server.terminal("sh-wutongli-coffee"), digits, 2_000)).status).toBe(201);
});

test("coming back where the browser keeps no page shows the code of now", async ({ server, openAs, page }) => {
  const returned = await noteReturns(page);
  // A page with this listener is not kept.
  await page.addInitScript(() => addEventListener("unload", () => undefined));
  await openAs("active");
  const before = await showCode(page);
  await leaveForOneCode(page, server);
  await comeBack(page);
  const digits = await shownDigits(page);
  const { persisted, painted } = await returned();
  expect(persisted).toBe(false);
  expect(digits).not.toBe(before);
  expect(painted).not.toContain(before);
  expect((await server.redeem(await server.terminal("sh-wutongli-coffee"), digits, 2_000)).status).toBe(201);
});

test("the event of that cache alone makes the page ask for the time; that of a load does not", async ({ openAs, page }) => {
  await openAs("active");
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  // A second visit asks once, because it enrols no device. Only this document's requests count: the reload may
  // have cancelled one of the first visit.
  await page.reload();
  const answered = () =>
    page.evaluate(() => {
      const requests = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/v1/me"));
      return (requests as PerformanceResourceTiming[]).filter(({ responseEnd }) => responseEnd > 0).length;
    });
  await expect.poll(answered).toBe(1);
  await idle(page);
  const requestsOf = (persisted: boolean) =>
    page.evaluate(async (persisted) => {
      const { fetch } = window;
      let asked = 0;
      window.fetch = (...given) => {
        asked += Number(new Request(...given).url.endsWith("/v1/me"));
        return fetch(...given);
      };
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted }));
      // The page sends its requests in the microtasks after the event.
      await new Promise(requestAnimationFrame);
      window.fetch = fetch;
      return asked;
    }, persisted);
  expect(await requestsOf(false)).toBe(0);
  expect(await requestsOf(true)).toBe(1);
});
