// The pictures in docs/screenshots.
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { ABORTED, answered, codeWithSecondsLeft, expect, showCode, test } from "../support/test.ts";

const folder = resolve(import.meta.dirname, "../../../docs/screenshots");

async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${folder}/${name}.png`, animations: "disabled" });
}

test.use({ geolocation: { latitude: 31.2117, longitude: 121.4421 }, permissions: ["geolocation"] });

for (const { name, locale, colorScheme } of [
  { name: "light-zh", locale: "zh-CN", colorScheme: "light" },
  { name: "dark-en", locale: "en-GB", colorScheme: "dark" },
] as const) {
  test.describe(name, () => {
    test.use({ locale, colorScheme });

    test("page, code and result", async ({ server, openAs }) => {
      const page = await openAs("ending");
      await expect(page.getByTestId("shop-row").first()).toBeVisible();
      await page.locator(".nearby-shops__locate").click();
      await expect(page.locator(".shop-row__distance").first()).not.toBeEmpty();
      await picture(page, `page-${name}`);
      await page.locator(".nearby-shops").evaluate((list) => list.scrollIntoView());
      await picture(page, `list-${name}`);
      await page.locator('[data-shop-id="sh-yanxia-tea"]').getByRole("button").click();
      await expect(page.getByTestId("shop-week")).toBeVisible();
      await picture(page, `shop-${name}`);
      await page.goBack();
      await page.getByTestId("event-row").first().click();
      await expect(page.getByTestId("event-sheet")).toBeVisible();
      await picture(page, `event-${name}`);
      await page.goBack();
      await page.getByTestId("shop-search").fill("xcp");
      await page.getByRole("button", { name: locale === "zh-CN" ? "书店" : "Books", exact: true }).click();
      await expect(page.getByTestId("shop-empty")).toBeVisible();
      await page.locator(".nearby-shops").evaluate((list) => list.scrollIntoView());
      await picture(page, `nothing-${name}`);
      await page.goto("/");
      await expect(page.getByTestId("shop-row").first()).toBeVisible();
      await showCode(page);
      const digits = await codeWithSecondsLeft(page, 10);
      await picture(page, `code-${name}`);
      expect((await server.redeem(await server.terminal("sh-wutongli-coffee"), digits, 8_400)).status).toBe(201);
      await expect(page.getByTestId("code-result")).toBeVisible();
      await picture(page, `result-${name}`);
    });

    test("turned to staff, the shop's PIN, and the shop's phone", async ({ browser, server, openAs }) => {
      const page = await openAs("active", "/?shop=sh-laozaojian-noodles");
      await page.getByTestId("code-turn").click();
      const digits = await codeWithSecondsLeft(page, 10);
      await picture(page, `turned-${name}`);
      const context = await browser.newContext({ baseURL: server.origin, locale, colorScheme, viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
      const phone = await context.newPage();
      const { code } = (await (await fetch(`${server.origin}/demo/pairing/sh-laozaojian-noodles`)).json()) as { code: string };
      await phone.goto(`/R/${digits}`);
      await phone.locator("input[name=code]").fill(code);
      await phone.locator("form button").first().click();
      await picture(phone, `staff-bill-${name}`);
      await phone.locator("input[name=bill]").fill("168.5");
      await picture(phone, `staff-check-${name}`);
      await context.close();
      await page.getByTestId("code-turn").click();
      await page.getByTestId("pin-open").click();
      await page.getByTestId("pin-bill").fill("42.50");
      await page.getByTestId("pin-field").fill("246810");
      await picture(page, `pin-${name}`);
    });

    test("what the card saved", async ({ openAs }) => {
      const page = await openAs("active", "/#savings");
      await expect(page.getByTestId("ledger-row").first()).toBeVisible();
      await picture(page, `savings-${name}`);
    });

    test("banner", async ({ openAs }) => {
      const page = await openAs("refund-processing");
      await page.getByTestId("refund-banner").locator("[aria-expanded]").click();
      await expect(page.getByTestId("refund-timeline")).toBeVisible();
      await picture(page, `banner-${name}`);
    });
  });
}

test("wide", async ({ openAs, page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await openAs("active");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  await picture(page, "wide");
});

test("small, on its side, and wide", async ({ openAs, page }) => {
  await openAs("active", "/?shop=sh-laozaojian-noodles#code");
  for (const [name, width, height] of [["till-small", 320, 568], ["till-landscape", 667, 375], ["till-wide", 1440, 900]] as const) {
    await page.setViewportSize({ width, height });
    await codeWithSecondsLeft(page, 5);
    await picture(page, name);
  }
});

test("further down, searching, and without a card", async ({ openAs, page, expectError }) => {
  expectError(answered(401));
  await openAs("active");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  await page.getByTestId("shop-row").nth(12).scrollIntoViewIfNeeded();
  await expect(page.getByTestId("code-pill")).toBeVisible();
  await picture(page, "pill");
  await page.setViewportSize({ width: 390, height: 500 });
  await page.getByTestId("shop-search").fill("咖啡");
  await expect(page.getByTestId("shop-row")).toHaveCount(2);
  await expect(page.getByTestId("shop-row").first()).toBeInViewport();
  await picture(page, "search");
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [persona, name] of [["none", "no-card"], ["refund-abnormal", "refund-stuck"], ["refund-closed", "refund-closed"]] as const) {
    await openAs(persona);
    await expect(page.getByTestId("shop-row").first()).toBeVisible();
    await picture(page, name);
  }
  await page.context().clearCookies();
  await page.evaluate(() => localStorage.clear());
  await page.goto("/");
  await expect(page.getByTestId("member-card")).toContainText("还没有登录");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  await picture(page, "signed-out");
});

test("a first code without network, and staff's own phone", async ({ openAs, page, browser, server, expectError }) => {
  expectError(ABORTED);
  await page.route("**/v1/credentials", (route) => route.abort());
  await openAs("active", "/#code");
  await expect(page.getByTestId("code-needs-network")).toBeVisible();
  await picture(page, "needs-network");
  const context = await browser.newContext({ baseURL: server.origin, locale: "zh-CN", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  const phone = await context.newPage();
  const { code } = (await (await fetch(`${server.origin}/demo/pairing/sh-laozaojian-noodles`)).json()) as { code: string };
  await phone.goto("/R");
  await phone.locator("input[name=code]").fill(code);
  await phone.locator("form button").first().click();
  await picture(phone, "staff-start");
  await context.close();
});
