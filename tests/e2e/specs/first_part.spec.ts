// The page's wasm comes in two files. The first shows card and code; the second has the rest and loads in the
// background. Card and code never wait for the second file, and the rest works once that file has come.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { NO_NETWORK, expect, idle, test } from "../support/test.ts";

test.use({ serviceWorkers: "block" });

// With an untested compiler, the page is built in one file (tools/env.sh).
const isSplit = readdirSync(join(import.meta.dirname, "../../../dist")).some((file) => file.startsWith("member-page-rest-"));
test.skip(!isSplit, "this build is in one file");

const REST = /\/member-page-rest-[0-9a-f]+\.wasm$/;

/** Counts how often the page blocked on the second file: it then loads synchronously. */
function stops(page: Page): () => number {
  let count = 0;
  page.on("request", (request) => (count += Number(REST.test(request.url()) && request.resourceType() === "xhr")));
  return () => count;
}

/** Holds the second file until the returned function is called. */
async function heldBack(page: Page): Promise<() => void> {
  let letGo = (): void => undefined;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(REST, async (route) => {
    await gone;
    // A document that is gone has cancelled its request.
    await route.continue().catch(() => undefined);
  });
  return letGo;
}

for (const locale of ["zh-CN", "zh-TW", "en-GB"]) {
  test.describe(locale, () => {
    test.use({ locale });

    test("card and code need no more than the first file, at any visit, and nothing is fetched twice", async ({ openAs, page }) => {
      const stopped = stops(page);
      const letGo = await heldBack(page);
      await openAs("active", "/#code");
      await expect(page.getByTestId("code-qr").locator('path[d^="M"]')).toBeVisible();
      await page.keyboard.press("Escape");
      await expect(page.getByTestId("member-status")).toBeVisible();
      await expect(page.getByTestId("shop-row")).toHaveCount(0);
      await page.goto("/?shop=sh-wutongli-coffee");
      await expect(page.getByTestId("code-qr").locator('path[d^="M"]')).toBeVisible();
      await page.reload();
      await expect(page.getByTestId("code-qr").locator('path[d^="M"]')).toBeVisible();
      // The countdown runs, so the start is over.
      const countdown = page.getByTestId("code-countdown");
      await expect(countdown).not.toHaveText(await countdown.innerText());
      const fetched = () => page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.endsWith(".wasm")));
      expect(stopped()).toBe(0);
      letGo();
      await page.keyboard.press("Escape");
      await expect(page.getByTestId("shop-row").first()).toBeVisible();
      expect(stopped()).toBe(0);
      const files = await fetched();
      expect(files.length, files.join(" ")).toBe(new Set(files).size);
    });
  });
}

test("the banner of every member needs no more either", async ({ openAs, page }) => {
  const stopped = stops(page);
  await heldBack(page);
  for (const persona of ["ending", "refund-scheduled", "refund-processing", "refund-succeeded", "refund-abnormal", "refund-closed", "none"]) {
    await openAs(persona);
    await expect(page.getByTestId("member-card"), persona).not.toHaveAttribute("aria-busy", "true");
    await idle(page);
    expect(stopped(), persona).toBe(0);
  }
});

test("a tap on what the second file has waits for it, and then works", async ({ openAs, page }) => {
  const letGo = await heldBack(page);
  await openAs("active");
  await page.getByTestId("savings-open").click();
  await expect(page).toHaveURL(/#savings/);
  letGo();
  await expect(page.getByTestId("ledger")).toBeVisible();
  await expect(page.getByTestId("ledger-row").first()).toBeVisible();
});

test("where it does not come, that is said and card and code work on; once it comes, the lists are there", async ({ openAs, page }) => {
  const letGo = await heldBack(page);
  await openAs("active", "/#code");
  await expect(page.getByTestId("code-qr").locator('path[d^="M"]')).toBeVisible();
  await page.keyboard.press("Escape");
  const said = page.getByText("列表还没加载出来");
  await expect(said).toBeVisible({ timeout: 15_000 });
  await page.getByTestId("code-open").click();
  await expect(page.getByTestId("code-qr").locator('path[d^="M"]')).toBeVisible();
  await page.keyboard.press("Escape");
  letGo();
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  await expect(said).toHaveCount(0);
});

test.describe("on a network that fails", () => {
  test("a second file that does not come or is corrupt is asked for again until it is right", async ({ openAs, page, expectError }) => {
    expectError(NO_NETWORK);
    let tries = 0;
    await page.route(REST, (route) => {
      tries += 1;
      if (tries === 1) return route.abort("internetdisconnected");
      return tries === 2 ? route.fulfill({ contentType: "application/wasm", body: "\0asm and then nothing of sense" }) : route.continue();
    });
    await openAs("active", "/#code");
    await expect(page.getByTestId("code-qr").locator('path[d^="M"]')).toBeVisible();
    await expect(page.getByTestId("shop-row").first()).toBeAttached({ timeout: 15_000 });
    expect(tries).toBe(3);
  });
});

test("where the browser compiles nothing while all waits, the page starts with both files", async ({ openAs, page }) => {
  await page.addInitScript(() => {
    const { Module } = WebAssembly;
    WebAssembly.Module = new Proxy(Module, {
      construct(target, [bytes]: [Uint8Array<ArrayBuffer>]) {
        if (bytes.byteLength > 4_096) throw new RangeError("not on the main thread");
        return new target(bytes);
      },
    });
  });
  const letGo = await heldBack(page);
  // A page that did not wait would start in the task that requests the second file.
  const requested = page.waitForRequest(REST);
  await openAs("active", "/#code");
  await requested;
  await idle(page);
  await expect(page.getByTestId("code-sheet")).toHaveCount(0);
  letGo();
  await expect(page.getByTestId("code-qr").locator('path[d^="M"]')).toBeVisible();
  await expect(page.getByTestId("shop-row").first()).toBeAttached();
});

test("what is needed before it has come is loaded while the page waits", async ({ openAs, page }) => {
  const stopped = stops(page);
  await page.route(REST, (route) => (route.request().resourceType() === "xhr" ? route.continue() : undefined));
  await openAs("ending");
  const head = page.getByTestId("refund-banner").getByRole("button").first();
  await expect(head).toBeVisible();
  expect(stopped()).toBe(0);
  // Few members open the timeline, so its code is in the second file.
  await head.click();
  await expect(page.getByTestId("refund-timeline")).toBeVisible();
  expect(stopped()).toBe(1);
});
