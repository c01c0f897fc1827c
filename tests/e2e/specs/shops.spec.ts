// Finding a shop, and the page's addresses.
import { expect, test } from "../support/test.ts";

test("every shop of the city is listed, with why it is here", async ({ openAs }) => {
  const page = await openAs("active");
  await expect(page.getByTestId("shop-row")).toHaveCount(24);
  const coffee = page.locator('[data-shop-id="sh-wutongli-coffee"]');
  for (const part of ["梧桐里手冲", "9 折", "咖啡", "徐汇区", "精选", "豆单更新快"]) await expect(coffee).toContainText(part);
});

test("search and filters narrow the list, say when nothing is left and lead back", async ({ openAs }) => {
  const page = await openAs("active");
  const rows = page.getByTestId("shop-row");
  await expect(rows).toHaveCount(24);
  await page.getByTestId("shop-search").fill("手冲");
  await expect(rows).toHaveCount(1);
  await page.getByRole("button", { name: "书店", exact: true }).click();
  await expect(page.getByTestId("shop-empty")).toContainText("没有符合的店");
  await page.getByRole("button", { name: "清除筛选" }).click();
  await expect(rows).toHaveCount(24);
  await expect(page.getByTestId("shop-search")).toHaveValue("");
  await page.getByRole("button", { name: "书店", exact: true }).click();
  await expect(rows.first()).toContainText("书店");
});

test("another city is another list, and is remembered", async ({ openAs }) => {
  const page = await openAs("active");
  await page.getByRole("combobox").selectOption({ label: "杭州" });
  await expect(page.getByTestId("shop-row").first()).toHaveAttribute("data-shop-id", /^hz-/);
  await page.reload();
  await expect(page.getByRole("combobox")).toHaveValue("hangzhou");
  await expect(page.getByTestId("shop-row").first()).toHaveAttribute("data-shop-id", /^hz-/);
});

test.describe("with a place", () => {
  test.use({ geolocation: { latitude: 31.2117, longitude: 121.4421 }, permissions: ["geolocation"] });

  test("nearest first, with distances; the place leaves the device rounded to about 1 km", async ({ openAs, page }) => {
    const asked: URL[] = [];
    page.on("request", (request) => asked.push(new URL(request.url())));
    await openAs("active");
    await expect(page.getByTestId("shop-row")).toHaveCount(24);
    expect(asked.some((url) => url.searchParams.has("lat"))).toBe(false);
    await page.getByRole("button", { name: "离我最近" }).click();
    await expect(page.locator(".nearby-shops__count")).toContainText("500 米内");
    const distances = await page.locator(".shop-row__distance").allInnerTexts();
    const metres = distances.map((text) => Number.parseFloat(text) * (text.includes("公里") ? 1_000 : 1));
    expect(metres).toHaveLength(24);
    expect(metres).toEqual([...metres].sort((a, b) => a - b));
    const located = asked.filter((url) => url.searchParams.has("lat"));
    expect(located.map((url) => [url.searchParams.get("lat"), url.searchParams.get("lng")])).toEqual([["31.21", "121.44"]]);
  });
});

test("a place that is refused leads on", async ({ openAs }) => {
  const page = await openAs("active");
  await page.getByRole("button", { name: "离我最近" }).click();
  await expect(page.getByText("没拿到位置，可以按城市看")).toBeVisible({ timeout: 10_000 });
  await expect(page.getByTestId("shop-row")).toHaveCount(24);
});

test("a tapped shop opens its sheet, and over it the code; back, Escape and the button close them", async ({ openAs }) => {
  const page = await openAs("active");
  const sheet = page.getByTestId("code-sheet");
  const row = page.locator('[data-shop-id="sh-shengbo-theatre"]').getByRole("button");

  const shop = page.getByTestId("shop-sheet");
  await row.click();
  await expect(shop).toContainText("声波小剧场");
  await expect(page).toHaveURL(/\/#shop\/sh-shengbo-theatre$/);
  await page.getByTestId("shop-show-code").click();
  await expect(sheet).toContainText("声波小剧场");
  await expect(sheet).toContainText("8.5 折");
  await expect(page).toHaveURL(/\?shop=sh-shengbo-theatre#code$/);
  await page.goBack();
  await expect(sheet).toHaveCount(0);
  await expect(page.getByTestId("shop-show-code")).toBeFocused();
  await page.goBack();
  await expect(shop).toHaveCount(0);
  await expect(row).toBeFocused();

  await page.getByTestId("code-open").click();
  await expect(sheet).toContainText("会员码");
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(page).toHaveURL(/\/$/);

  await page.getByTestId("code-open").click();
  await sheet.getByRole("button", { name: "关闭" }).click();
  await expect(sheet).toHaveCount(0);
});

test("/#code and /?shop=ID open the sheet at once; closing leads to the page", async ({ openAs }) => {
  const page = await openAs("active", "/#code");
  const sheet = page.getByTestId("code-sheet");
  await expect(sheet.getByTestId("code-qr")).toBeVisible();
  await page.goto("/?shop=sh-wutongli-coffee");
  await expect(sheet).toContainText("梧桐里手冲");
  await sheet.getByRole("button", { name: "关闭" }).click();
  await expect(sheet).toHaveCount(0);
  await expect(page).toHaveURL(/\/$/);
});

test.describe("a shop that does not exist", () => {
  test.use({ expectedErrors: /404/ });

  test("is said to be unknown, and the code works all the same", async ({ openAs }) => {
    const page = await openAs("active", "/?shop=gone");
    await expect(page.getByTestId("code-sheet")).toContainText("没找到这家店");
    await expect(page.getByTestId("code-qr")).toBeVisible();
  });
});
