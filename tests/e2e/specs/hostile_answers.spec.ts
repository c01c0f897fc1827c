// Whatever a backend answers, the page says truthfully what it could not have, and never becomes blank or a script.
import type { Page } from "@playwright/test";
import { expect, mount, test } from "../support/host.ts";

const HTML = "<img src=x onerror=\"window.struck = true\"><script>window.struck = true</script>";

/** Answers every request of the API with what `body` makes of the true answer. */
async function answerWith(page: Page, body: (path: string, truth: string) => string, type = "application/json"): Promise<void> {
  await page.route("**/v1/**", async (route) => {
    const path = new URL(route.request().url()).pathname;
    if (route.request().method() === "OPTIONS" || path === "/v1/events") return route.fallback();
    const answer = await route.fetch();
    // A page that has gone on meanwhile has cut the request off.
    await route.fulfill({ response: answer, body: body(path, await answer.text()), contentType: type }).catch(() => undefined);
  });
}

/** All text of a JSON document replaced where the page takes any text. */
function striking(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => striking(item, key));
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, striking(inner, name)]));
  const free = /^(name|nameEn|nameMasked|numberMasked|title|text|reason|address|notes|district|venue|host|description|phone|notCombinedWith|discountRules|shopName|url)$/;
  return typeof value === "string" && free.test(key) ? HTML : value;
}

const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
const hostile: [string, (path: string, truth: string) => string][] = [
  ["10 MB of it", () => JSON.stringify({ serverTime: 1, filling: "x".repeat(10_000_000) })],
  ["nested 200,000 deep", () => deep],
  ["nested deep where the page reads", (_, truth) => truth.replace(/"serverTime":\d+/, `"serverTime":${deep}`)],
  ["nested deep with something between", (_, truth) => truth.replace(/"serverTime":\d+/, `"serverTime":${"[1,".repeat(100_000)}1${"]".repeat(100_000)}`)],
  ["of other types", (_, truth) => truth.replace(/"serverTime":\d+/, '"serverTime":"<b>now</b>"').replace(/"shops":\[/, '"shops":{"0":[').concat("")],
  ["null", () => "null"],
  ["a number", () => "7"],
  ["cut off", (_, truth) => truth.slice(0, truth.length / 2)],
  ["HTML", () => `<!doctype html>${HTML}`],
  ["empty", () => ""],
  ["of huge numbers", (_, truth) => truth.replace(/("(?:savedFen|paidFen|priceFen)":)\d+/g, "$11e308")],
  ["with a prototype of its own", (_, truth) => truth.replace(/^\{/, '{"__proto__":{"toString":"x"},"constructor":1,')],
];

test.use({ expectedErrors: /Failed to load resource/ });

for (const [what, body] of hostile) {
  test(`answers ${what}: the page stands and says so`, async ({ page, host, backend, token }) => {
    await host.open(page);
    await answerWith(page, body);
    await mount(page, backend.origin, token, { locale: "en" });
    const card = page.getByTestId("member-card");
    await expect(card).toContainText(/6601|does not understand|could not|Try again/, { timeout: 15_000 });
    await expect(page.getByRole("button").first()).toBeVisible();
    expect(await page.evaluate(() => "struck" in window)).toBe(false);
    // Once the backend is itself again, trying again is enough.
    await page.unroute("**/v1/**");
    await page.evaluate(() => window.pages[0]!.refresh());
    await expect(card).toContainText("6601");
    await expect(page.getByTestId("shop-row").first()).toBeVisible();
  });
}

test("HTML in every text is text", async ({ page, host, backend, token }) => {
  await host.open(page);
  await answerWith(page, (_, truth) => JSON.stringify(striking(JSON.parse(truth))));
  await mount(page, backend.origin, token, { locale: "en" });
  const shown = page.getByText("<img src=x", { exact: false });
  await expect(shown.first()).toBeVisible();
  await page.getByTestId("shop-row").first().getByRole("button").first().click();
  await expect(page.getByTestId("shop-sheet")).toContainText("<script>");
  await page.evaluate(() => window.pages[0]!.back());
  await page.evaluate(() => window.pages[0]!.update({ sheet: "savings" }));
  await expect(page.getByTestId("ledger")).toContainText("<script>");
  expect(await page.evaluate(() => "struck" in window)).toBe(false);
  expect(await page.locator("img, script:not([type]), iframe, object").count()).toBe(0);
});

test("a stream that says nonsense, or never ends a line, does no harm", async ({ page, host, backend, token }) => {
  await host.open(page);
  const nonsense = `event: redemption\ndata: {"id":"${HTML.replaceAll('"', "'")}"}\n\nevent: hello\n\nevent: redemption\ndata: ${deep}\n\ndata: ${"x".repeat(400_000)}`;
  await page.route("**/v1/events", (route) =>
    route.request().method() === "OPTIONS"
      ? route.fallback()
      : route.fulfill({ body: nonsense, contentType: "text/event-stream", headers: { "access-control-allow-origin": "*" } }),
  );
  await mount(page, backend.origin, token, { locale: "en", sheet: "code" });
  await expect(page.getByTestId("code-digits")).toHaveText(/^\d{4}( \d{4}){4}$/);
  await expect(page.getByTestId("member-card")).toContainText("6601");
  expect(await page.evaluate(() => "struck" in window)).toBe(false);
});
