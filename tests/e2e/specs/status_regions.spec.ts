// Screen readers announce changes only in a region that is already in the document.
import type { Page } from "@playwright/test";
import { ABORTED, NO_NETWORK, expect, test } from "../support/test.ts";

/** Notes each region that comes into the document with its text, except the notices of a start that takes long. */
async function watchRegions(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const REGIONS = "[role=status], [aria-live=polite], [aria-live=assertive], output";
    const late: string[] = [];
    Object.assign(window, { late });
    const take = (node: Node) => {
      if (!(node instanceof Element) || node.closest(".start")) return;
      for (const region of [node, ...node.querySelectorAll(REGIONS)]) {
        if (region.matches(REGIONS) && region.textContent?.trim() && !region.closest("[aria-hidden=true]")) late.push(region.outerHTML);
      }
    };
    new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(take))).observe(document, {
      childList: true,
      subtree: true,
    });
  });
  return () => page.evaluate(() => (window as unknown as { late: string[] }).late);
}

/** The region that announces this text. */
const region = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text });

test("offline, with nothing found and a list that failed, the regions stand before their texts", async ({ openAs, page, expectError }) => {
  for (const error of [NO_NETWORK, ABORTED]) expectError(error);
  const late = await watchRegions(page);
  await page.route("**/v1/member-events*", (route) => route.abort());
  await openAs("active");
  await expect(region(page, "会员活动")).toBeVisible();
  await page.getByTestId("shop-search").fill("没有这样的店");
  await expect(region(page, "去掉了")).toBeVisible();
  await page.getByTestId("shop-search").fill("");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  await page.context().setOffline(true);
  await expect(region(page, "离线")).toBeVisible();
  await expect(region(page, "这份列表是")).toBeVisible();
  expect(await late()).toEqual([]);
});

test("a sheet whose data is stale says so in a region that stood there", async ({ openAs, page, expectError }) => {
  expectError(NO_NETWORK);
  const late = await watchRegions(page);
  await openAs("active");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  await page.getByTestId("savings-open").click();
  await expect(page.locator(".ledger__row").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await page.context().setOffline(true);
  for (const [opener, sheet] of [
    [page.getByTestId("shop-row").first().getByRole("button").first(), page.getByTestId("shop-sheet")],
    [page.getByTestId("savings-open"), page.getByTestId("savings-sheet")],
  ] as const) {
    await opener.click();
    await expect(sheet.getByRole("status").filter({ hasText: "重试" })).toBeVisible({ timeout: 20_000 });
    await page.keyboard.press("Escape");
    await expect(sheet).toHaveCount(0);
  }
  expect(await late()).toEqual([]);
});
