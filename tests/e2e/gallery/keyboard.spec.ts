// Keyboard use: Tab reaches every control, the focus is visible, and closing a sheet returns the focus.
import { expect, test } from "@playwright/test";
import { focused, stops } from "./inspect.ts";
import { inEveryScene, open } from "./scenes.ts";

test("Tab reaches everything, and what has the focus is seen", async ({ page }) => {
  await inEveryScene(page, [{}], async (scene) => {
    // This list adds and removes rows while it scrolls. The scene with twelve shops covers lists.
    if (scene.name === "shops-many") return [];
    const wanted = await page.evaluate(stops);
    const found: string[] = [];
    const seen = new Set<string>();
    for (let press = 0; press < wanted + 4; press += 1) {
      await page.keyboard.press("Tab");
      const { at, wrong } = await page.evaluate(focused);
      if (at) seen.add(at);
      found.push(...wrong);
    }
    if ([...seen].length < wanted) found.push(`Tab reaches ${seen.size} of ${wanted}`);
    return [...new Set(found)];
  });
});

test("the code sheet opens and closes by keyboard, and gives the focus back", async ({ page }) => {
  await open(page, "page-active", { locale: "en" });
  const opener = page.getByTestId("code-open");
  await opener.focus();
  await page.keyboard.press("Enter");
  const sheet = page.getByTestId("code-sheet");
  await expect(sheet).toBeVisible();
  await expect.poll(() => sheet.evaluate((sheet) => sheet.contains(document.activeElement))).toBe(true);
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test("filters, a shop and its code by keyboard", async ({ page }) => {
  await open(page, "page-active", { locale: "en" });
  const openNow = page.getByRole("button", { name: "Open", exact: true });
  await openNow.focus();
  await page.keyboard.press("Space");
  await expect(openNow).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Space");
  await expect(openNow).toHaveAttribute("aria-pressed", "false");
  const row = page.locator(".shop-row__button").first();
  await row.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("shop-sheet")).toBeVisible();
  await page.getByTestId("shop-show-code").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("code-sheet")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("code-sheet")).toHaveCount(0);
  await expect(page.getByTestId("shop-show-code")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("shop-sheet")).toHaveCount(0);
  await expect(row).toBeFocused();
});

test("signing up for an event and giving the seat back by keyboard", async ({ page }) => {
  await open(page, "event-free", { locale: "en" });
  await page.getByTestId("event-sign-up").focus();
  await page.keyboard.press("Enter");
  const cancel = page.getByTestId("event-cancel");
  await expect(cancel).toBeVisible();
  const sheet = page.getByTestId("event-sheet");
  await expect.poll(() => sheet.evaluate((sheet) => sheet.contains(document.activeElement))).toBe(true);
  await cancel.focus();
  await page.keyboard.press("Enter");
  // The confirmation puts the focus on the button that changes nothing.
  await expect.poll(() => sheet.evaluate((sheet) => sheet.contains(document.activeElement) && document.activeElement?.tagName)).toBe("BUTTON");
});

test("the shop's PIN by keyboard", async ({ page }) => {
  await open(page, "pin-ready", { locale: "en" });
  await expect(page.getByTestId("pin-bill")).toBeFocused();
  await page.keyboard.type("42.50");
  await page.keyboard.press("Tab");
  await page.keyboard.type("246810");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("pin-said")).not.toBeEmpty();
});
