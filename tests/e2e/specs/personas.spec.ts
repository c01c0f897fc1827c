// The page of each persona, in three languages.
import { answered, expect, test } from "../support/test.ts";

const BANNERS = {
  ending: ["ending", "无需操作"],
  "refund-scheduled": ["scheduled", "已安排"],
  "refund-processing": ["processing", "处理中"],
  "refund-succeeded": ["succeeded", "已到账"],
  "refund-abnormal": ["abnormal", "联系客服"],
  "refund-closed": ["closed", "联系客服"],
} as const;

for (const [persona, [state, words]] of Object.entries(BANNERS)) {
  test(`${persona}: the banner tells the state and opens to the timeline`, async ({ openAs }) => {
    const page = await openAs(persona);
    const banner = page.getByTestId("refund-banner");
    await expect(banner).toHaveAttribute("data-state", state);
    await expect(banner).toContainText(words);
    await expect(banner).toContainText("¥168.00");
    await banner.locator("[aria-expanded]").click();
    const timeline = page.getByTestId("refund-timeline");
    await expect(timeline).toContainText("微信支付");
    await expect(timeline).toContainText("已安排");
    await expect(page.getByTestId("announcement")).toContainText("卡费全额退还");
    if (state === "ending") {
      await expect(page.getByTestId("code-open")).toBeVisible();
    } else {
      await expect(page.getByTestId("member-status")).toHaveText("已结束");
      await expect(page.getByTestId("code-open")).toHaveCount(0);
    }
  });
}

test("active: a working card, no banner", async ({ openAs }) => {
  const page = await openAs("active");
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await expect(page.getByTestId("member-card")).toContainText("林*");
  await expect(page.getByTestId("payoff").getByRole("meter")).toHaveAccessibleName(/年费 ¥168/);
  await expect(page.getByTestId("refund-banner")).toHaveCount(0);
});

test("none: says what a card would give", async ({ openAs }) => {
  const page = await openAs("none");
  await expect(page.getByTestId("member-card")).toContainText("还没有会员卡");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
});

test.describe("not signed in", () => {
  test("the card says so; the shops are there all the same", async ({ page, expectError }) => {
    expectError(answered(401));
    await page.goto("/");
    await expect(page.getByTestId("member-card")).toContainText("还没有登录");
    await expect(page.getByTestId("shop-row").first()).toBeVisible();
  });
});

test.describe("in English", () => {
  test.use({ locale: "en-GB" });

  test("the page follows the browser, switches without reload and remembers", async ({ openAs, page }) => {
    await openAs("active");
    await expect(page.getByTestId("member-status")).toHaveText("Active");
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await page.getByRole("button", { name: "繁體中文" }).click();
    await expect(page.getByTestId("code-open")).toHaveText("出示會員碼");
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hant");
    await expect(page.getByRole("button", { name: "繁體中文" })).toBeFocused();
    await expect(page).toHaveTitle("會員卡");
    await page.getByRole("button", { name: "简体中文" }).click();
    await expect(page.getByTestId("code-open")).toHaveText("出示会员码");
    await page.reload();
    await expect(page.getByTestId("member-status")).toHaveText("有效");
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
  });
});

test.describe("in Traditional Chinese", () => {
  test.use({ locale: "zh-TW" });

  test("a browser of Taiwan gets it, distances and weekdays included", async ({ openAs, page }) => {
    await openAs("active");
    await expect(page.getByTestId("code-open")).toHaveText("出示會員碼");
    await expect(page.getByRole("group", { name: "語言" }).getByRole("button", { pressed: true })).toHaveText("繁體中文");
    await expect(page.getByTestId("shop-row").first()).toBeVisible();
    await expect(page.getByTestId("event-row").first()).toBeVisible();
    const plain = await page.locator("main").innerText();
    expect(plain).toMatch(/週[一二三四五六日]/);
    expect(plain).not.toContain("米");
  });
});
