// A page whose code does not come or cannot run says so, and another try can succeed.
import type { Page } from "@playwright/test";
import { NO_NETWORK, answered, expect, test } from "../support/test.ts";

test.use({ serviceWorkers: "block" });

const failed = (page: Page) => page.getByRole("alert");

async function saysSo(page: Page): Promise<void> {
  await expect(failed(page)).toBeVisible();
  await expect(failed(page)).toContainText("会员卡没能打开");
  await expect(failed(page).getByText("Your member card could not be opened")).toBeVisible();
  // The notice replaces the skeleton.
  await expect(page.locator("#member-page")).toBeHidden();
  const box = await failed(page).boundingBox();
  expect(box?.y).toBe(0);
}

/** A module that imports a function `no` of `x`. */
const WANTING = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 8, 1, 1, 120, 2, 110, 111, 0, 0];

const retry = (page: Page) => page.getByRole("link", { name: "重试" });

test("where there is no WebAssembly it says so in both languages, at 320 pixels too", async ({ openAs, page, expectError }) => {
  expectError(/^uncaught: WebAssembly is not defined$/);
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
  await page.setViewportSize({ width: 320, height: 568 });
  await openAs("active");
  await saysSo(page);
  await expect(retry(page)).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.screenshot({ path: "test-results/start/no-wasm-320.png" });
});

test("where modules are unknown nothing else would say so", async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(HTMLScriptElement.prototype, "noModule"));
  await page.route(/\.(js|wasm)$/, () => undefined);
  await page.context().request.get("/demo/active");
  await page.goto("/", { waitUntil: "commit" });
  await saysSo(page);
});

const WASM = /\.wasm$/;
const MISSING = /^uncaught: failed to fetch Wasm: 404 Not Found fetching 'http:\S+\.wasm'$/;

for (const [what, answer, errors] of [
  ["the wasm is missing", { status: 404, body: "" }, [answered(404), MISSING]],
  [
    "the wasm is corrupt",
    { contentType: "application/wasm", body: "\0asm\x01\0\0\0 and then nothing of sense" },
    [/^uncaught: WebAssembly\.instantiateStreaming\(\): section .* extends past end of the module/],
  ],
  [
    "the wasm is a page of somebody's portal",
    { contentType: "text/html", body: "<h1>Please sign in</h1>" },
    [/^uncaught: WebAssembly\.instantiate\(\): expected magic word 00 61 73 6d, found 3c 68 31 3e @\+0$/],
  ],
  [
    "the wasm asks for more than the page gives",
    { contentType: "application/wasm", body: Buffer.from(WANTING) },
    [/^uncaught: WebAssembly\.instantiate\(\): Import #0 "x": module is not an object or function$/],
  ],
] as const) {
  test(`${what}: it says so, and another try succeeds once it is right`, async ({ openAs, page, expectError }) => {
    for (const error of errors) expectError(error);
    await page.route(WASM, (route) => route.fulfill(answer));
    await openAs("active", "/#code");
    await saysSo(page);
    await page.unroute(WASM);
    await retry(page).click();
    // The page opens at the address that the member had chosen.
    await expect(page.getByTestId("code-qr")).toBeVisible();
    await expect(page.locator(".start")).toHaveCount(0);
  });
}

test("without network the wasm does not come: it says so", async ({ openAs, page, expectError }) => {
  for (const error of [NO_NETWORK, /^uncaught: Failed to fetch$/]) expectError(error);
  await page.route(WASM, (route) => route.abort("internetdisconnected"));
  await openAs("active");
  await saysSo(page);
});

test("a fault while the page starts is said too, not a blank page", async ({ openAs, page, expectError }) => {
  expectError(/^uncaught: not today$/);
  // Mounting creates comments and clones templates first. Without them it stops halfway.
  await page.addInitScript(() => {
    document.createComment = () => {
      throw new Error("not today");
    };
    Element.prototype.cloneNode = () => {
      throw new Error("not today");
    };
  });
  await openAs("active");
  await saysSo(page);
});

test("the number of the card that was here last is offered, as masked as it was kept, and as text", async ({ openAs, page, expectError }) => {
  for (const error of [answered(404), MISSING]) expectError(error);
  await openAs("active");
  await expect(page.getByTestId("member-status")).toBeVisible();
  const number = await page.evaluate(() => JSON.parse(localStorage.getItem("last-me") ?? "{}").card.numberMasked as string);
  expect(number).toMatch(/\d{4}$/);
  await page.route(WASM, (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await saysSo(page);
  await expect(failed(page).getByText(number, { exact: true })).toBeVisible();
  await page.screenshot({ path: "test-results/start/failed.png" });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.screenshot({ path: "test-results/start/failed-dark.png" });

  await page.evaluate(() => localStorage.setItem("last-me", JSON.stringify({ card: { numberMasked: "<img src=x>" } })));
  await page.reload();
  await expect(failed(page).getByText("<img src=x>")).toBeVisible();
  for (const broken of ["", "{", "null", '{"card":null}']) {
    await page.evaluate((text) => localStorage.setItem("last-me", text), broken);
    await page.reload();
    await saysSo(page);
    await expect(page.locator(".start__card")).toBeHidden();
  }
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("it says what to turn on, over everything else", async ({ openAs, page }) => {
    await openAs("active");
    await expect(page.locator("noscript .start__title")).toHaveText(["会员卡需要 JavaScript", "Your member card needs JavaScript"]);
    const covering = page.locator(".start--over");
    expect(await covering.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
  });
});

test("while it takes long it says so after a while, and goes when the page is there", async ({ page }) => {
  let deliver = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  await page.route(WASM, async (route) => {
    await held;
    await route.continue();
  });
  await page.context().request.get("/demo/active");
  await page.goto("/", { waitUntil: "commit" });
  const slow = page.locator("#start-slow");
  await expect(page.locator("main[aria-busy]")).toBeVisible();
  await expect(slow).toBeHidden();
  await expect(slow).toBeVisible({ timeout: 20_000 });
  await expect(slow).toContainText("Still opening");
  await page.screenshot({ path: "test-results/start/slow.png" });
  deliver();
  await expect(page.getByTestId("member-status")).toBeVisible();
  await expect(slow).toHaveCount(0);
});

test("where no script of the page's own may run either, that is said all the same", async ({ openAs, page, expectError }) => {
  expectError(/^Executing inline script violates the following Content Security Policy directive 'default-src 'none''\./);
  expectError(/^Applying inline style violates the following Content Security Policy directive 'style-src 'self''\./);
  expectError(/^Connecting to 'http:\S+\.wasm' violates the following Content Security Policy directive: "default-src 'none'"\./);
  await page.route(/\/$/, async (route) => {
    const answer = await route.fetch();
    const policy = "default-src 'none'; style-src 'self'; img-src 'self'";
    await route.fulfill({ response: answer, headers: { ...answer.headers(), "content-security-policy": policy } });
  });
  await openAs("active");
  await expect(page.locator("#start-slow")).toBeVisible({ timeout: 20_000 });
  await page.unroute(/\/$/);
  await retry(page).first().click();
  await expect(page.getByTestId("member-status")).toBeVisible();
});

for (const [locale, lang, heading] of [
  ["zh-CN", "zh-Hans", "附近精选"],
  ["zh-HK", "zh-Hant", "附近精選"],
  ["en-US", "en", "Nearby picks"],
] as const) {
  test.describe(`a browser of ${locale}`, () => {
    test.use({ locale });

    test("has the skeleton's words in its language", async ({ page }) => {
      await page.route(WASM, () => undefined);
      await page.context().request.get("/demo/active");
      await page.goto("/", { waitUntil: "commit" });
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      const words = page.locator(".nearby-shops__title > span:visible");
      await expect(words).toHaveText([heading]);
    });
  });
}

test("on a second visit the code is on the screen before the lists are built, and the skeleton holds their place until then", async ({ openAs, page }) => {
  await openAs("active", "/#code");
  await expect(page.getByTestId("code-digits")).toHaveText(/\d{4}/);
  await expect(page.getByTestId("shop-row").first()).toBeAttached();
  await page.addInitScript(() => {
    const seen: Record<string, boolean>[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const has = (selector: string) => document.querySelector(selector) !== null;
      const now = { code: has('[data-testid="code-qr"] path[d^="M"]'), rows: has('[data-testid="shop-row"]'), skeleton: has(".nearby-shops__skeleton") };
      if (JSON.stringify(seen.at(-1)) !== JSON.stringify(now)) seen.push(now);
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["d"] });
  });
  await page.reload();
  await expect(page.getByTestId("shop-row").first()).toBeAttached();
  const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, boolean>[] }).seen);
  expect(seen.find(({ code, rows }) => code || rows)).toEqual({ code: true, rows: false, skeleton: true });
  // From the skeleton on, there is always a skeleton or a list.
  const from = seen.findIndex(({ skeleton }) => skeleton);
  expect(seen.slice(from).every(({ rows, skeleton }) => rows || skeleton)).toBe(true);
});
