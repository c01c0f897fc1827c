// The savings of a card: by month, each redemption with its receipt, as a file, and after the programme's end.
import { readFileSync } from "node:fs";
import { NO_NETWORK, expect, showCode, test } from "../support/test.ts";

// On this server no other file redeems.
test.use({ alone: "savings" });
// In order, on that server.
test.describe.configure({ mode: "default" });

test("from the card to the sheet, and back", async ({ openAs, page }) => {
  await openAs("active");
  await expect(page.getByTestId("payoff")).toContainText("再省 ¥17.80 就回本");
  await page.getByTestId("savings-open").click();
  const sheet = page.getByTestId("savings-sheet");
  await expect(sheet).toContainText("¥150.20");
  await expect(page.getByTestId("payoff-words")).toContainText("您平均每次省 ¥30.04，照这样再用 1 次");
  await expect(page.locator(".savings-month")).not.toHaveCount(0);
  await expect(page.getByTestId("ledger-row")).toHaveCount(5);
  expect(new URL(page.url()).hash).toBe("#savings");
  await page.reload();
  await expect(page.getByTestId("ledger-row")).toHaveCount(5);
  await page.getByTestId("ledger-row").first().locator("summary").click();
  await page.getByTestId("ledger-shop").first().click();
  await expect(page.getByTestId("shop-sheet")).toContainText("梧桐里手冲");
  await page.goBack();
  await expect(sheet).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
});

test("the ledger is a file that a spreadsheet opens", async ({ openAs, page }) => {
  await openAs("ending", "/#savings");
  const downloading = page.waitForEvent("download");
  await page.getByTestId("ledger-file").click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("member-card-savings.csv");
  const lines = readFileSync(await download.path(), "utf8").trimEnd().split("\n");
  expect(lines[0]).toBe("\uFEFFid,redeemed_at,shop,bill_yuan,saved_yuan,paid_yuan,cancelled_at");
  expect(lines[1]).toMatch(/^DEMO\d+,\d{4}-\d\d-\d\dT[\d:.]+\+08:00,老灶间面馆,126.00,12.60,113.40,$/);
  expect(lines).toHaveLength(2);
});

for (const [persona, words] of [
  ["refund-succeeded", "已退 ¥168.00，这张卡净省 ¥26.00"],
  ["refund-abnormal", "退款 ¥168.00 到账后，这张卡净省 ¥5.80"],
  // The refund banner says enough.
  ["refund-closed", ""],
] as const) {
  test(`${persona}: after the end the page still says what the card was and what it saved`, async ({ openAs, page }) => {
    await openAs(persona);
    await expect(page.getByTestId("member-status")).toHaveText("已结束");
    await expect(page.locator(".page__over")).toContainText("不再有会员优惠");
    await page.getByTestId("savings-open").click();
    await expect(page.getByTestId("payoff-words")).toHaveText(words);
    await expect(page.getByTestId("savings-card")).toContainText(/6601 •••• \d{4}/);
  });
}

test.describe("without network", () => {
  test("the sheet shows what it showed last", async ({ context, openAs, page, expectError }) => {
    expectError(NO_NETWORK);
    await openAs("active", "/#savings");
    await expect(page.getByTestId("ledger-row")).toHaveCount(5);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByTestId("ledger-row")).toHaveCount(5);
    await expect(page.getByTestId("savings-sheet")).toContainText("暂时连不上");
  });
});

for (const timezoneId of ["Etc/GMT+8", "Pacific/Kiritimati"]) {
  test.describe(`a device in ${timezoneId}`, () => {
    test.use({ timezoneId });

    test("shows times and months as they are in Shanghai", async ({ openAs, page }) => {
      await openAs("active", "/#savings");
      const answer = await page.context().request.get("/v1/redemptions");
      const [newest] = ((await answer.json()) as { redemptions: { redeemedAt: number }[] }).redemptions;
      const shanghai = new Date((newest?.redeemedAt ?? 0) + 8 * 3_600_000);
      const time = `${shanghai.getUTCMonth() + 1}月${shanghai.getUTCDate()}日 ${shanghai.toISOString().slice(11, 16)}`;
      await expect(page.getByTestId("ledger-row").first()).toContainText(time);
      const months = await page.locator(".savings-month__name").allInnerTexts();
      const today = new Date(Date.now() + 8 * 3_600_000);
      // A month has its year if the month before it is of another year.
      expect(months.at(-1)).toMatch(new RegExp(`^(${today.getUTCFullYear()}年)?${today.getUTCMonth() + 1}月$`));
    });
  });
}

// After the tests above: its redemption stays in the ledger.
test("on the open sheet a redemption appears by itself", async ({ openAs, page, server }) => {
  await openAs("active");
  const digits = await showCode(page);
  await page.keyboard.press("Escape");
  await page.reload();
  // This document does not open the code sheet.
  await page.getByTestId("savings-open").click();
  const rows = page.getByTestId("ledger-row");
  await expect(rows).toHaveCount(5);
  await rows.first().locator("summary").click();
  const read = await rows.first().locator(".ledger__shop").innerText();
  const answer = await server.redeem(await server.terminal("sh-shengbo-theatre"), digits, 2_000);
  expect(answer.status).toBe(201);
  await expect(rows).toHaveCount(6, { timeout: 4_000 });
  await expect(page.locator("[data-testid=ledger-row][open] .ledger__shop")).toHaveText(read);
  const { id } = (await answer.json()) as { id: string };
  await expect(page.locator("[data-testid=ledger-row]:not([open])").first()).toContainText(id);
});

test("another member on the same device never sees this one's visits", async ({ browser, server }) => {
  const context = await browser.newContext({ baseURL: server.origin, locale: "zh-CN" });
  const page = await context.newPage();
  await context.request.get("/demo/active");
  await page.goto("/#savings");
  await expect(page.getByTestId("ledger-row").first()).toBeVisible();
  await context.request.get("/demo/ending");
  // Without an answer, the sheet would show the stored ledger.
  await page.route("**/v1/redemptions", (route) => route.abort());
  await page.goto("/");
  await expect(page.getByTestId("member-card")).toContainText("陈*");
  await page.getByTestId("savings-open").click();
  await expect(page.getByTestId("savings-sheet")).toContainText("连不上网络");
  await expect(page.getByTestId("ledger-row")).toHaveCount(0);
  await context.close();
});

test("a redemption adds up at once, and drops out again when the shop takes it back", async ({ openAs, page, server }) => {
  await openAs("active");
  const payoff = page.getByTestId("payoff");
  await expect(payoff).toContainText("¥153.20");
  const digits = await showCode(page);
  const till = await server.terminal("sh-wutongli-coffee");
  const answer = await server.redeem(till, digits, 4_000);
  const { id } = (await answer.json()) as { id: string };
  await expect(page.getByTestId("code-result")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(payoff).toContainText("¥157.20");
  await page.getByTestId("savings-open").click();
  await expect(page.getByTestId("ledger-row").first()).toContainText("省了 ¥4.00");
  await fetch(`${server.origin}/v1/redemptions/${id}/cancellation`, { method: "POST", headers: { authorization: `Bearer ${till}` } });
  await expect(page.getByTestId("ledger-row").first()).toContainText("已撤销");
  await expect(page.getByTestId("savings-sheet").getByText("¥153.20")).toBeVisible();
});
