// Finding a shop, and the page's addresses.
import { NO_NETWORK, answered, expect, test, withoutFavourites } from "../support/test.ts";

test("every shop of the city is listed, with why it is here", async ({ openAs }) => {
  const page = await openAs("active");
  await expect(page.getByTestId("shop-row")).toHaveCount(24);
  // No test redeems there, so that its record never replaces the reason.
  const books = page.locator('[data-shop-id="sh-manye-books"]');
  for (const part of ["慢页书房", "9 折", "书店", "静安区", "约省 ¥5.60", "每周二新书上架"]) await expect(books).toContainText(part);
});

test("search and filters narrow the list, say why nothing is left and lead back", async ({ openAs }) => {
  const page = await openAs("active");
  const rows = page.getByTestId("shop-row");
  await expect(rows).toHaveCount(24);
  for (const typed of ["手冲", "wtlsc", "WuTongLi", "ｗｔｌ", "武康路", "xhq 咖啡"]) {
    await page.getByTestId("shop-search").fill(typed);
    await expect(rows).toHaveCount(1);
    await expect(rows).toHaveAttribute("data-shop-id", "sh-wutongli-coffee");
  }
  await page.getByRole("button", { name: "书店", exact: true }).click();
  const empty = page.getByTestId("shop-empty");
  await expect(empty).toContainText("没有符合的店");
  await expect(empty).toContainText("“xhq 咖啡”去掉了");
  await expect(empty).toContainText("“书店”去掉了 1 家");
  await empty.locator('[data-filter="category"]').getByTestId("shop-drop").click();
  await expect(rows).toHaveCount(1);
  await page.getByRole("button", { name: "书店", exact: true }).click();
  await empty.locator('[data-filter="category"]').getByTestId("shop-nearest").click();
  await expect(page.getByTestId("shop-sheet")).toContainText("梧桐里手冲");
  await page.goBack();
  await page.getByTestId("shop-empty").getByRole("button", { name: "清除筛选" }).click();
  await expect(rows).toHaveCount(24);
  await expect(page.getByTestId("shop-search")).toHaveValue("");
  await page.getByRole("button", { name: "书店", exact: true }).click();
  await expect(rows.first()).toContainText("书店");
});

test("what is looked for survives a reload, going away and back, and a sheet", async ({ openAs, page, server }) => {
  await openAs("active");
  const rows = page.getByTestId("shop-row");
  await page.getByTestId("shop-district").selectOption("徐汇区");
  await page.getByTestId("shop-price").selectOption("0-50");
  await page.getByTestId("shop-search").fill("武康路");
  await expect(rows).toHaveCount(1);
  const address = new URL(page.url());
  expect(Object.fromEntries(address.searchParams)).toEqual({ city: "shanghai", district: "徐汇区", price: "0-50", q: "武康路" });
  const unchanged = async () => {
    await expect(rows).toHaveCount(1);
    await expect(page.getByTestId("shop-search")).toHaveValue("武康路");
    await expect(page.getByTestId("shop-district")).toHaveValue("徐汇区");
    await expect(page.getByTestId("shop-price")).toHaveValue("0-50");
  };
  await page.reload();
  await unchanged();
  await rows.getByRole("button").click();
  await expect(page).toHaveURL(/#shop\/sh-wutongli-coffee$/);
  await page.goBack();
  await unchanged();
  await page.goto(`${server.origin}/v1/openapi.yaml`).catch(() => {});
  await page.goto(address.href);
  await unchanged();
});

for (const link of ["/?district=NOWHERE&q=zzz", "/?city=hangzhou&district=西湖区", "/?city=guangzhou", "/?district=静安区&open=1"]) {
  test(`the link ${link} is not remembered`, async ({ openAs }) => {
    const page = await openAs("active", link);
    const list = page.locator("[data-testid=shop-row], [data-testid=shop-empty]");
    await expect(list.first()).toBeVisible();
    await page.goto("/");
    await expect(page.getByTestId("shop-row")).toHaveCount(24);
    await expect(page.getByTestId("shop-city")).toHaveValue("shanghai");
    await expect(page.getByTestId("shop-district")).toHaveValue("");
    await expect(page.getByTestId("shop-search")).toHaveValue("");
  });
}

test("who signs out leaves no city, no district and no favourites on the device", async ({ openAs, page, expectError }) => {
  expectError(answered(401));
  await openAs("active");
  await page.getByTestId("shop-city").selectOption({ label: "杭州" });
  await page.getByTestId("shop-district").selectOption("西湖区");
  await expect(page.getByTestId("shop-row").first()).toContainText("西湖区");
  await page.context().clearCookies();
  await page.reload();
  await expect(page.getByTestId("member-card")).toContainText("还没有登录");
  const kept = await page.evaluate(() => Object.keys(localStorage));
  for (const name of ["city", "district", "favourites"]) expect(kept).not.toContain(name);
});

test.describe("addresses with something appended", () => {
  const SHOP = "sh-wutongli-coffee";
  const EVENT_SHEET = "event-sheet";
  for (const [address, sheet] of [
    [`/#shop/${SHOP}?from=timeline`, "shop-sheet"],
    [`/#shop/${SHOP}&from=singlemessage&isappinstalled=0`, "shop-sheet"],
    [`/#shop/${SHOP}#wechat_redirect`, "shop-sheet"],
    [`/#shop/${SHOP}/`, "shop-sheet"],
    [`/?from=timeline#shop/${SHOP}?from=timeline&x=1`, "shop-sheet"],
    ["/#code?from=timeline", "code-sheet"],
    ["/#code&from=timeline", "code-sheet"],
    ["/#code#wechat_redirect", "code-sheet"],
    [`/?shop=${SHOP}?from=timeline`, "code-sheet"],
    [`/?from=timeline?shop=${SHOP}`, "code-sheet"],
    [`/?from=app&shop=${SHOP}#code?from=timeline`, "code-sheet"],
    ["/#savings?from=timeline", "savings-sheet"],
    ["/#event/{event}?from=timeline", EVENT_SHEET],
  ] as const) {
    test(`${address} opens the sheet`, async ({ openAs, page }) => {
      await openAs("active");
      await expect(page.getByTestId("event-row").first()).toBeVisible();
      const event = await page.getByTestId("event-row").first().getAttribute("data-event-id");
      await page.goto("about:blank");
      await page.goto(address.replace("{event}", event ?? ""));
      await expect(page.getByTestId(sheet)).toBeVisible();
      if (sheet === "code-sheet") await expect(page.getByTestId("code-qr")).toBeVisible();
      if (address.includes(SHOP)) await expect(page.getByTestId(sheet)).toContainText("梧桐里手冲");
      await page.keyboard.press("Escape");
      await expect(page.getByTestId(sheet)).toHaveCount(0);
    });
  }

  test("the link of the share button opens the shop, with an app's parameters too", async ({ openAs, page, browser, server }) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, "share", { value: (data: { url: string }) => (Object.assign(window, { shared: data.url }), Promise.resolve()) });
    });
    await openAs("active", `/#shop/${SHOP}`);
    await page.getByTestId("shop-share").click();
    const shared = await page.evaluate(() => (window as unknown as { shared: string }).shared);
    for (const appended of ["", "?from=timeline", "&from=timeline"]) {
      const context = await browser.newContext({ baseURL: server.origin, locale: "zh-CN" });
      await context.request.get("/demo/active");
      const friend = await context.newPage();
      await friend.goto(shared + appended);
      await expect(friend.getByTestId("shop-sheet")).toContainText("梧桐里手冲");
      await context.close();
    }
  });
});

test("another city is another list, and is remembered", async ({ openAs }) => {
  const page = await openAs("active");
  await page.getByTestId("shop-city").selectOption({ label: "杭州" });
  await expect(page.getByTestId("shop-row").first()).toHaveAttribute("data-shop-id", /^hz-/);
  await page.getByTestId("shop-district").selectOption("西湖区");
  await expect(page.getByTestId("shop-row").first()).toContainText("西湖区");
  await page.goto("/");
  await expect(page.getByTestId("shop-city")).toHaveValue("hangzhou");
  await expect(page.getByTestId("shop-district")).toHaveValue("西湖区");
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
    await page.getByRole("button", { name: "最近", exact: true }).click();
    await expect(page.locator(".nearby-shops__count")).toContainText("500 米内");
    const rows = await page.getByTestId("shop-list").evaluate((list) => {
      let section = "";
      return [...list.querySelectorAll(".nearby-shops__section, .shop-row")].flatMap((part) => {
        const text = (name: string) => part.querySelector(`.shop-row__${name}`)?.textContent ?? "";
        if (part.matches(".nearby-shops__section")) section = part.textContent ?? "";
        else {
          const metres = Number.parseFloat(text("distance")) * (text("distance").includes("公里") ? 1_000 : 1);
          return [{ section, metres, fails: part.querySelector(".shop-row__why--poor") !== null, isClosed: text("open").startsWith("休息中") }];
        }
        return [];
      });
    });
    expect(rows).toHaveLength(24);
    // By section; within one the open shops, then the closed ones, then those whose codes often fail.
    const sections = ["500 米内", "1 公里内", "3 公里内", "10 公里内", "10 公里以外"];
    const rank = ({ section, metres, fails, isClosed }: (typeof rows)[number]) => [sections.indexOf(section), fails, isClosed, metres].map(Number);
    const sorted = [...rows].sort((a, b) => rank(a).map((value, at) => value - (rank(b)[at] ?? 0)).find((difference) => difference !== 0) ?? 0);
    expect(rows).toEqual(sorted);
    // The shop whose codes often fail is the nearest. It comes last within 500 m, with the reason.
    expect(rows.filter((row) => row.section === "500 米内").map((row) => row.fails).indexOf(true)).toBe(rows.filter((row) => row.section === "500 米内").length - 1);
    await expect(page.locator('[data-shop-id="sh-liubai-goods"]')).toContainText("近 30 天 6 次核销，4 次没成功");
    await expect(page.locator(".nearby-shops__section").first()).toHaveText("500 米内");
    const located = asked.filter((url) => url.searchParams.has("lat"));
    expect(located.map((url) => [url.searchParams.get("lat"), url.searchParams.get("lng")])).toEqual([["31.21", "121.44"]]);
  });
});

test("a place that is refused leads on to city and district", async ({ openAs }) => {
  const page = await openAs("active");
  await page.getByRole("button", { name: "最近", exact: true }).click();
  await expect(page.getByText("没有定位权限，可在系统设置里打开；也可以先选城市和区域")).toBeVisible({ timeout: 10_000 });
  await expect(page.getByTestId("shop-row")).toHaveCount(24);
  await page.getByTestId("shop-district").selectOption("静安区");
  await expect(page.getByTestId("shop-row").first()).toContainText("静安区");
});

test("a WebView that never calls back is given up on after 8 s; what comes later is taken all the same", async ({ openAs, page }) => {
  await page.addInitScript(() => {
    const answer: { found?: PositionCallback } = {};
    Object.assign(window, { answer });
    Object.defineProperty(navigator, "geolocation", { value: { getCurrentPosition: (found: PositionCallback) => (answer.found = found) } });
  });
  await openAs("active");
  const start = Date.now();
  await page.getByRole("button", { name: "最近", exact: true }).click();
  await expect(page.getByRole("button", { name: "定位中…" })).toBeDisabled();
  await expect(page.getByText("定位太久没有回应")).toBeVisible({ timeout: 12_000 });
  expect(Date.now() - start).toBeGreaterThan(7_500);
  await page.evaluate(() => {
    const { answer } = window as unknown as { answer: { found: (position: unknown) => void } };
    answer.found({ coords: { latitude: 31.2117, longitude: 121.4421, accuracy: 5_000 } });
  });
  await expect(page.getByText("位置只精确到约")).toBeVisible();
  await expect(page.locator(".shop-row__distance").first()).not.toBeEmpty();
  await expect(page.locator(".nearby-shops__count")).toHaveText("共 24 家");
});

test("an app around the page hands its place over; one that makes no sense is refused", async ({ openAs, page }) => {
  const warnings: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await page.addInitScript(() => Object.assign(window, { memberPagePlace: { lat: 30.2741, lng: 120.1551, coordSystem: "gcj02", accuracyMetres: 20 } }));
  await openAs("active");
  await expect(page.getByTestId("shop-city")).toHaveValue("hangzhou");
  await expect(page.locator(".shop-row__distance").first()).not.toBeEmpty();
  const hand = (detail: unknown) => page.evaluate((detail) => dispatchEvent(new CustomEvent("member-page-place", { detail })), detail);
  await hand({ lat: 131.2, lng: 121.4, coordSystem: "wgs84" });
  await expect.poll(() => warnings.some((text) => text.includes("latitude"))).toBe(true);
  await expect(page.getByTestId("shop-city")).toHaveValue("hangzhou");
  await hand({ lat: 31.2117, lng: 121.4421, coordSystem: "wgs84" });
  await expect(page.getByTestId("shop-city")).toHaveValue("shanghai");
  // A city that the member chose stays, whatever place the app sends.
  await page.getByTestId("shop-city").selectOption("guangzhou");
  await hand({ lat: 31.2218, lng: 121.4421, coordSystem: "wgs84" });
  await expect(page.locator(".shop-row__distance").first()).toContainText("公里");
  await expect(page.getByTestId("shop-city")).toHaveValue("guangzhou");
});

test.describe("kept shops", () => {
  test("are there without network, after a reload, with what was last known of them", async ({ openAs, page, expectError }) => {
    expectError(NO_NETWORK);
    await withoutFavourites(page);
    await openAs("active");
    const rows = page.getByTestId("shop-row");
    for (const id of ["sh-manye-books", "sh-wutongli-coffee"]) {
      await page.locator(`[data-shop-id="${id}"]`).getByRole("button").click();
      const answered = page.waitForResponse((response) => response.url().includes("ids="));
      await page.getByTestId("shop-favourite").click();
      await expect(page.getByTestId("shop-favourite")).toHaveAttribute("aria-pressed", "true");
      await answered;
      await page.goBack();
      await expect(page.getByTestId("shop-sheet")).toHaveCount(0);
    }
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    // Only the list is lost, not the favourites.
    await page.evaluate(() => localStorage.removeItem("last-shops"));
    await page.context().setOffline(true);
    await page.reload();
    await page.getByRole("button", { name: "收藏", exact: true }).click();
    await expect(rows).toHaveCount(2);
    await expect(rows.filter({ hasText: "慢页书房" })).toHaveCount(1);
    await page.getByTestId("shop-search").fill("wtl");
    await expect(rows).toHaveCount(1);
    await page.context().setOffline(false);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.getByTestId("shop-search").fill("");
    await expect(rows).toHaveCount(2);
    await page.locator('[data-shop-id="sh-wutongli-coffee"]').getByRole("button").click();
    await page.getByTestId("shop-favourite").click();
    await page.goBack();
    await expect(rows).toHaveCount(1);
  });
});

test("a tapped shop opens in full, its button the code in its context; back leads back through both", async ({ openAs }) => {
  const page = await openAs("active");
  const sheet = page.getByTestId("code-sheet");
  const shop = page.getByTestId("shop-sheet");
  const row = page.locator('[data-shop-id="sh-shengbo-theatre"]').getByRole("button");

  await row.click();
  await expect(shop).toContainText("声波小剧场");
  await expect(shop).toContainText("安福路 253 号 2 楼");
  await expect(page).toHaveURL(/\/#shop\/sh-shengbo-theatre$/);
  await page.getByTestId("shop-show-code").click();
  await expect(sheet).toContainText("声波小剧场");
  await expect(sheet).toContainText("8.5 折");
  await expect(page).toHaveURL(/\?shop=sh-shengbo-theatre#code$/);
  await page.goBack();
  await expect(sheet).toHaveCount(0);
  await expect(shop).toBeVisible();
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
  test("is said to be unknown, and the code works all the same", async ({ openAs, expectError }) => {
    expectError(answered(404));
    const page = await openAs("active", "/?shop=gone");
    await expect(page.getByTestId("code-sheet")).toContainText("没找到这家店");
    await expect(page.getByTestId("code-qr")).toBeVisible();
  });
});
