// Codes rotate. These tests wait for the next code, so a code is current for six seconds.
import { pair, staffPhone } from "../support/staff.ts";
import { expect, nextCode, showCode, shownDigits, test } from "../support/test.ts";

test.use({ codePeriod: 6 });

const SHOP = "sh-wutongli-coffee";

test("after a redemption the next code works, and digits may be typed as people type them", async ({ server, openAs }) => {
  const page = await openAs("active");
  const first = await showCode(page);
  const till = await server.terminal(SHOP);
  expect((await server.redeem(till, first, 3_000)).status).toBe(201);
  await page.getByRole("button", { name: "再出示一个码" }).click();
  // The code of this step is used; the sheet shows another.
  const next = await nextCode(page, first);
  const fullWidth = [...next].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join("");
  expect((await server.redeem(till, `${fullWidth.slice(0, 10)} - ${fullWidth.slice(10)}`, 3_000)).status).toBe(201);
});

test("after two redemptions in one step the sheet says when the next code comes", async ({ server, openAs }) => {
  const page = await openAs("active");
  const till = await server.terminal(SHOP);
  const hint = page.locator(".code-sheet__hint");
  const empty = page.getByTestId("code-empty");
  // Begins with a new step, so that both redemptions are in it.
  let digits = await nextCode(page, await showCode(page));
  await expect(hint).toBeVisible();
  for (let redemption = 0; redemption < 2; redemption++) {
    expect((await server.redeem(till, digits, 3_000)).status).toBe(201);
    await page.getByRole("button", { name: "再出示一个码" }).click();
    if (redemption === 0) digits = await nextCode(page, digits);
  }
  await expect(empty).toContainText(/下一个码 [1-6] 秒后出现/);
  await expect(empty).toContainText("每个码只能用一次");
  await expect(hint).toHaveCount(0);
  await expect(page.getByTestId("code-digits")).toBeEmpty();
  const last = await nextCode(page, digits);
  await expect(empty).toHaveCount(0);
  await expect(hint).toBeVisible();
  expect((await server.redeem(till, last, 3_000)).status).toBe(201);
});

test("staff may take their time: the code scanned stays good while the one on screen rotates", async ({ browser, server, openAs }) => {
  const page = await openAs("active");
  await showCode(page);
  const phone = await staffPhone(browser, server);
  await pair(phone, server, SHOP);
  const digits = await shownDigits(page);
  await phone.goto(`/R/${digits}`);
  await phone.locator("input[name=bill]").fill("10");
  // Two codes later, tills refuse the scanned one.
  await nextCode(page, await nextCode(page, digits));
  expect((await server.redeem(await server.terminal(SHOP), digits, 1_000)).status).toBe(410);
  await phone.getByRole("button", { name: /确认核销/ }).click();
  await expect(phone).toHaveURL(/\/R\/receipt\//);
  await expect(page.getByTestId("code-result")).toBeVisible();
  await phone.context().close();
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
  const next = await nextCode(page, first);
  expect((await server.redeem(await server.terminal(SHOP), next, 3_000)).status).toBe(201);
  // After a visit to another page, the page comes back from the HTTP cache.
  await page.goto("about:blank");
  await page.goBack();
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await context.close();
});
