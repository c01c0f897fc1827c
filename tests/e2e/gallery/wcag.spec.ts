// WCAG 2.2 AA checks that axe-core lacks, in every scene: text and width, targets, motion, forced colours,
// live regions.
import { type Page, expect, test } from "@playwright/test";
import { PNG } from "pngjs";
import { lostText, motion, smallTargets } from "./inspect.ts";
import { inEveryScene, open, show } from "./scenes.ts";

for (const locale of ["zh-Hans", "en"]) {
  test(`nothing is lost at 320 px with text twice as large, in ${locale}`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await inEveryScene(page, [{ locale, text: 200 }, { locale }], () => page.evaluate(lostText));
  });
}

test("every target can be hit", async ({ page }) => {
  await inEveryScene(page, [{ locale: "zh-Hans" }, { locale: "en" }], () => page.evaluate(smallTargets));
});

test("nothing moves where motion is reduced", async ({ page }) => {
  await inEveryScene(page, [{}], () => page.evaluate(motion));
  // Proves that this test can fail: without reduced motion, an opening sheet moves.
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await show(page, "code-no-card");
  expect(await page.evaluate(motion)).not.toEqual([]);
});

/** The colours of an element's picture, the most frequent first. */
async function colours(page: Page, selector: string): Promise<string[]> {
  const { data } = PNG.sync.read(await page.locator(selector).first().screenshot());
  const counts = new Map<string, number>();
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.subarray(at, at + 3).join(" ");
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const often = [...counts].filter(([, count]) => count * 400 > data.length);
  return often.sort(([, a], [, b]) => b - a).map(([colour]) => colour);
}

test("what is said by colour is still there with forced colours", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await open(page, "card-active");
  const style = (selector: string, name: string) =>
    page.locator(selector).first().evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), name);
  // A status is a word with a border. The meter needs two colours to show progress.
  expect(await style(".member-card__status", "border-top-style")).toBe("solid");
  expect((await colours(page, ".payoff__meter")).length).toBeGreaterThan(1);
  await show(page, "shops-filtered");
  const background = (pressed: boolean) => style(`.chip[aria-pressed=${pressed}]`, "background-color");
  expect(await background(true)).not.toBe(await background(false));
  for (const scene of ["banner-processing", "banner-abnormal", "banner-succeeded"]) {
    await show(page, scene);
    expect((await colours(page, ".refund-progress")).length).toBeGreaterThan(1);
  }
  for (const theme of ["light", "dark"] as const) {
    await show(page, "code-ready", { theme });
    expect(await colours(page, "[data-testid=code-qr]")).toEqual(expect.arrayContaining(["255 255 255", "0 0 0"]));
    expect(await style("[data-testid=code-qr] path", "fill")).toBe("rgb(0, 0, 0)");
    expect(await style("[data-testid=code-qr]", "background-color")).toBe("rgb(255, 255, 255)");
  }
});

test("the countdown goes on without being announced", async ({ page }) => {
  await page.goto("/?scene=code-shop&speed=10");
  const countdown = page.getByTestId("code-countdown");
  await expect(page.getByTestId("code-digits")).toHaveText(/\d{4}/);
  await page.evaluate(() => {
    const changes = { countdown: 0, announced: [] as string[] };
    Object.assign(window, { changes });
    new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        if (element?.closest("[data-testid=code-countdown]")) changes.countdown += 1;
        const region = element?.closest("[role=status], [role=alert], [aria-live]:not([aria-live=off])");
        if (region) changes.announced.push(`${region.className}: ${region.textContent}`);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  // Longer than a code is valid, so the code changes during the test.
  await page.waitForFunction(() => (window as unknown as { changes: { countdown: number } }).changes.countdown > 45);
  expect(await page.evaluate(() => (window as unknown as { changes: { announced: string[] } }).changes.announced)).toEqual([]);
  await expect(countdown).not.toHaveAttribute("aria-live", /.*/);
});
