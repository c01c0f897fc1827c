// Favourites belong to the member: they are the same on all devices, and a browser that clears its storage keeps them.
import type { Page } from "@playwright/test";
import { NO_NETWORK, answered, expect, test, withoutFavourites } from "../support/test.ts";

const BOOKS = "sh-manye-books";
const COFFEE = "sh-wutongli-coffee";

async function toggle(page: Page, shop: string): Promise<void> {
  await page.locator(`[data-shop-id="${shop}"]`).first().getByRole("button").first().click();
  const button = page.getByTestId("shop-favourite");
  const was = await button.getAttribute("aria-pressed");
  await button.click();
  await expect(button).not.toHaveAttribute("aria-pressed", was ?? "");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("shop-sheet")).toHaveCount(0);
}

const filter = (page: Page) => page.getByRole("button", { name: "收藏", exact: true });

async function expectFavourites(page: Page, shops: string[]): Promise<void> {
  await filter(page).click();
  await expect
    .poll(() => page.getByTestId("shop-row").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-shop-id")).sort()))
    .toEqual([...shops].sort());
  await filter(page).click();
}

test.beforeEach(({ page }) => withoutFavourites(page));

test("survive a browser that clears script storage, and are there on another device", async ({ openAs, page, browser, server }) => {
  await openAs("active");
  await toggle(page, BOOKS);
  await toggle(page, COFFEE);
  await expectFavourites(page, [BOOKS, COFFEE]);
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await expectFavourites(page, [BOOKS, COFFEE]);
  const context = await browser.newContext({ baseURL: server.origin, locale: "zh-CN" });
  await context.request.get("/demo/active");
  const other = await context.newPage();
  await other.goto("/");
  await expectFavourites(other, [BOOKS, COFFEE]);
  await toggle(other, BOOKS);
  await page.reload();
  await expectFavourites(page, [COFFEE]);
  await context.close();
});

test("chosen and removed offline, they are sent on the next visit with network", async ({ openAs, page, expectError }) => {
  expectError(NO_NETWORK);
  await openAs("active");
  await toggle(page, BOOKS);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.context().setOffline(true);
  await toggle(page, COFFEE);
  await toggle(page, BOOKS);
  await expectFavourites(page, [COFFEE]);
  await page.context().setOffline(false);
  await page.reload();
  await expectFavourites(page, [COFFEE]);
  await expect.poll(async () => (await page.context().request.get("/v1/favourites")).json()).toEqual({ shopIds: [COFFEE] });
});

test("stay on the device where the backend has none", async ({ openAs, page, expectError }) => {
  expectError(answered(404));
  await page.route("**/v1/favourites", (route) =>
    route.fulfill({ status: 404, contentType: "application/problem+json", json: { type: "/problems/not-found", title: "no", status: 404 } }),
  );
  await openAs("active");
  await toggle(page, BOOKS);
  await page.reload();
  await expectFavourites(page, [BOOKS]);
});
