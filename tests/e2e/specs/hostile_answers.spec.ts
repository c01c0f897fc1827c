// Hostile answers of a backend: the page shows the data it can read, says which panel has none, and runs no
// script from an answer.
import type { Page } from "@playwright/test";
import { expect, mount, test } from "../support/host.ts";

const HTML = "<img src=x onerror=\"window.struck = true\"><script>window.struck = true</script>";

/** Answers every request of the API with `body`, a function of the path and the true answer. */
async function answerWith(page: Page, body: (path: string, truth: string) => string, type = "application/json"): Promise<void> {
  await page.route("**/v1/**", async (route) => {
    const path = new URL(route.request().url()).pathname;
    if (route.request().method() === "OPTIONS" || path === "/v1/events") return route.fallback();
    const answer = await route.fetch();
    // The page may have cancelled the request meanwhile.
    await route.fulfill({ response: answer, body: body(path, await answer.text()), contentType: type }).catch(() => undefined);
  });
}

/** Replaces all free text in a JSON document with HTML. */
function striking(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => striking(item, key));
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, striking(inner, name)]));
  const free = /^(name|nameEn|nameMasked|numberMasked|title|text|reason|address|notes|district|venue|host|description|phone|notCombinedWith|discountRules|shopName|url)$/;
  return typeof value === "string" && free.test(key) ? HTML : value;
}

const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
/** The panels that have no data after an answer. The others show theirs. */
type Refused = "every panel" | "the card" | "no panel";

const hostile: [string, Refused, (path: string, truth: string) => string][] = [
  ["10 MB of it", "every panel", () => JSON.stringify({ serverTime: 1, filling: "x".repeat(10_000_000) })],
  ["nested 200,000 deep", "every panel", () => deep],
  ["nested deep where the page reads", "every panel", (_, truth) => truth.replace(/"serverTime":\d+/, `"serverTime":${deep}`)],
  [
    "nested deep with something between",
    "every panel",
    (_, truth) => truth.replace(/"serverTime":\d+/, `"serverTime":${"[1,".repeat(100_000)}1${"]".repeat(100_000)}`),
  ],
  ["of other types", "every panel", (_, truth) => truth.replace(/"serverTime":\d+/, '"serverTime":"<b>now</b>"').replace(/"shops":\[/, '"shops":{"0":[')],
  ["null", "every panel", () => "null"],
  ["a number", "every panel", () => "7"],
  ["cut off", "every panel", (_, truth) => truth.slice(0, truth.length / 2)],
  ["HTML", "every panel", () => `<!doctype html>${HTML}`],
  ["empty", "every panel", () => ""],
  // Only the card has these numbers.
  ["of huge numbers", "the card", (_, truth) => truth.replace(/("(?:savedFen|paidFen|priceFen)":)\d+/g, "$11e308")],
  ["with a prototype of its own", "no panel", (_, truth) => truth.replace(/^\{/, '{"__proto__":{"toString":"x"},"constructor":1,')],
];

for (const [what, refused, body] of hostile) {
  test(`answers ${what}: the page stands, and ${refused} says that the answer is useless`, async ({ page, host, backend, token }) => {
    await host.open(page);
    await answerWith(page, body);
    await mount(page, backend.origin, token, { locale: "en" });
    const card = page.getByTestId("member-card");
    const shops = page.locator(".nearby-shops");
    const useless = "The server's answer makes no sense. Try again later.";
    await expect(card).toContainText(refused === "no panel" ? "6601" : useless, { timeout: 15_000 });
    await expect(card.getByRole("button", { name: "Try again" })).toHaveCount(refused === "no panel" ? 0 : 1);
    if (refused === "every panel") {
      await expect(shops).toContainText(useless);
      await expect(page.locator(".offline-note")).toContainText("Members' events cannot be shown right now");
      await expect(page.getByTestId("shop-row").or(page.getByTestId("event-row"))).toHaveCount(0);
    } else {
      await expect(page.getByTestId("shop-row")).toHaveCount(24);
      await expect(page.getByTestId("event-row")).toHaveCount(1);
      await expect(shops).not.toContainText(useless);
    }
    expect(await page.evaluate(() => "struck" in window)).toBe(false);
    // With a right answer again, one more request is enough.
    await page.unroute("**/v1/**");
    await page.evaluate(() => window.pages[0]!.refresh());
    await expect(card).toContainText("6601");
    await expect(page.getByTestId("shop-row")).toHaveCount(24);
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
