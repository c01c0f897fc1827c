// Coming back to the page through the history, out of the back-forward cache where the browser keeps it there.
import { chromium } from "../support/browser.ts";
import { codeWithSecondsLeft, expect, showCode, test } from "../support/test.ts";

// A page without an icon is where the member goes meanwhile. Playwright turns that cache off by default.
test.use({ expectedErrors: /status of 404/, launchOptions: { ...chromium.launchOptions, ignoreDefaultArgs: ["--disable-back-forward-cache"] } });

test("coming back after a minute elsewhere shows the code of now", async ({ server, openAs, page }) => {
  test.setTimeout(150_000);
  await page.addInitScript(() => {
    addEventListener("pageshow", (event) => Object.assign(window, { persisted: event.persisted }));
  });
  await openAs("active");
  const before = await showCode(page);
  await page.goto(`${server.origin}/healthz`);
  await page.waitForTimeout(61_000);
  await page.goBack();
  const persisted = await page.evaluate(() => (window as unknown as { persisted?: boolean }).persisted);
  test.info().annotations.push({ type: "out of the back-forward cache", description: String(persisted) });
  const digits = await codeWithSecondsLeft(page, 6);
  expect(digits).not.toBe(before);
  expect((await server.redeem(await server.terminal("sh-wutongli-coffee"), digits, 2_000)).status).toBe(201);
});

test("a page taken out of that cache asks for the time and never shows the old code", async ({ server, openAs, page }) => {
  // What the cache does to a page, without depending on whether the browser uses it: frozen, then shown again.
  await openAs("active");
  const before = await showCode(page);
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  await new Promise((done) => setTimeout(done, 31_000));
  await session.send("Page.setWebLifecycleState", { state: "active" });
  const asked = page.waitForRequest("**/v1/me");
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await asked;
  const digits = await codeWithSecondsLeft(page, 6);
  expect(digits).not.toBe(before);
  expect((await server.redeem(await server.terminal("sh-wutongli-coffee"), digits, 2_000)).status).toBe(201);
});
