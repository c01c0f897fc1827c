// At the counter: the code can be redeemed with each of a shop's devices, and the page explains what goes wrong.
import type { Page } from "@playwright/test";
import { decode } from "../support/decoders.ts";
import { pair, staffPhone } from "../support/staff.ts";
import { ABORTED, DURATION, answered, codeWithSecondsLeft, expect, showCode, shownDigits, test } from "../support/test.ts";

const COFFEE = "sh-wutongli-coffee";
/** Takes codes by phone, till scanner and PIN. */
const NOODLES = "sh-laozaojian-noodles";
const PIN = "246810";

test("any phone camera: the QR opens the staff's page, which redeems; the member sees it, and sees it taken back", DURATION, async ({ browser, server, openAs }) => {
  const page = await openAs("active");
  await showCode(page);
  const phone = await staffPhone(browser, server);
  await pair(phone, server, COFFEE);
  await codeWithSecondsLeft(page, 8);
  const { zxing } = await decode(await page.getByTestId("code-qr").screenshot());
  // A camera opens the symbol's address, which is in capitals.
  await phone.goto(zxing ?? "nothing was read");
  await expect(phone.locator("body")).toContainText("林*");
  await expect(phone.locator("body")).toContainText("9 折");
  await phone.locator("input[name=bill]").fill("42.5");
  await phone.getByRole("button", { name: /下一步/ }).click();
  await expect(phone.locator("body")).toContainText("38.25");
  await phone.getByRole("button", { name: /确认核销/ }).click();
  await expect(phone).toHaveURL(/\/R\/receipt\//);
  const receipt = phone.url().split("/").pop() ?? "";
  const result = page.getByTestId("code-result");
  await expect(result).toBeVisible({ timeout: 2_000 });
  for (const part of ["省了 ¥4.25", "实付 ¥38.25", receipt]) await expect(result).toContainText(part);
  await expect(phone.locator("body")).toContainText(receipt);

  await phone.locator("summary").first().click();
  await phone.locator("form[action$=undo] button").click();
  await expect(result).toContainText("已撤销");
  await expect(phone.locator("body")).toContainText("已撤销");
  await phone.context().close();
});

test("an unpaired phone is told how to pair", async ({ browser, server, openAs }) => {
  const page = await openAs("active");
  const digits = await showCode(page);
  const phone = await staffPhone(browser, server);
  await phone.goto(`/r/${digits}`);
  await expect(phone.locator("body")).toContainText("绑定码");
  await expect(phone.locator("input[name=code]")).toBeVisible();
  await phone.context().close();
});

test("no device at all: staff type the shop's PIN on the member's phone", async ({ openAs, page }) => {
  await openAs("active", `/?shop=${NOODLES}`);
  await page.getByTestId("pin-open").click();
  await page.getByTestId("pin-bill").fill("36");
  await expect(page.getByTestId("pin-form")).toContainText("应付 ¥32.40，省 ¥3.60");
  await page.getByTestId("pin-field").fill(PIN);
  await page.getByTestId("pin-submit").click();
  const result = page.getByTestId("code-result");
  await expect(result).toBeVisible();
  for (const part of ["已核销", "省了 ¥3.60", "老灶间面馆", "实付 ¥32.40"]) await expect(result).toContainText(part);
});

test("the PIN cannot be read back from the page", async ({ openAs, page }) => {
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  await openAs("active", `/?shop=${NOODLES}`);
  await redeemByPin(page, "36");
  await expect(page.getByTestId("code-result")).toBeVisible();
  const readable = await page.evaluate(() =>
    [location.href, document.cookie, document.documentElement.outerHTML, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join("\n"),
  );
  expect(readable).not.toContain(PIN);
  expect(sent.join("\n")).not.toContain(PIN);
});

test.describe("when the network breaks", () => {
  test("an answer that was lost is asked for: one redemption, shown as done", async ({ openAs, page, expectError }) => {
    expectError(ABORTED);
    let posts = 0;
    await page.route("**/v1/shops/*/redemptions", async (route) => {
      posts += 1;
      // The request reaches the server; its answer is lost.
      await route.fetch();
      await route.abort();
    });
    await openAs("active", `/?shop=${NOODLES}`);
    const before = await redemptions(page);
    await redeemByPin(page, "50");
    await expect(page.getByTestId("code-result")).toContainText("省了 ¥5");
    expect(await redemptions(page)).toBe(before + 1);
    expect(posts).toBe(1);
  });

  test("a request that never arrived is said to have done nothing, and goes again under the same key", async ({ openAs, page, expectError }) => {
    for (const error of [ABORTED, answered(422)]) expectError(error);
    const keys: (string | undefined)[] = [];
    let broken = true;
    await page.route("**/v1/shops/*/redemptions", async (route) => {
      keys.push(route.request().headers()["idempotency-key"]);
      await (broken ? route.abort() : route.continue());
    });
    await openAs("active", `/?shop=${NOODLES}`);
    const before = await redemptions(page);
    await redeemByPin(page, "50");
    // First the page asks for the outcome for a while: the request could be on its way.
    await expect(page.getByTestId("pin-said")).toContainText("正在查是否已核销");
    await expect(page.getByTestId("pin-said")).toContainText("还没有核销，请在这里再输一次", { timeout: 20_000 });
    expect(await redemptions(page)).toBe(before);
    broken = false;
    // A wrong PIN says nothing about the request before, so the key stays.
    await page.getByTestId("pin-field").fill("111222");
    await page.getByTestId("pin-submit").click();
    await expect(page.getByTestId("pin-said")).toContainText("PIN 不对");
    await page.getByTestId("pin-field").fill(PIN);
    await page.getByTestId("pin-submit").click();
    await expect(page.getByTestId("code-result")).toBeVisible();
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys).size).toBe(1);
  });

  test("an outcome that is unknown at one shop is not forgotten over another", async ({ openAs, page, expectError }) => {
    expectError(ABORTED);
    const keys: string[] = [];
    let reachable = false;
    await page.route(`**/v1/shops/${NOODLES}/redemptions`, async (route) => {
      keys.push(route.request().headers()["idempotency-key"] ?? "");
      // The first request reaches the server; its answer is lost.
      if (keys.length === 1) await route.fetch();
      await (keys.length === 1 ? route.abort() : route.continue());
    });
    await page.route("**/v1/redemptions/attempts/*", (route) => (reachable ? route.continue() : route.abort()));
    // The page does not learn of it in another way.
    await page.route("**/v1/events", (route) => route.abort());
    await page.route("**/v1/redemptions", (route) => route.abort());
    await openAs("active", `/?shop=${NOODLES}`);
    const before = await redemptions(page);
    await redeemByPin(page, "50");
    await expect(page.getByTestId("pin-said")).toContainText("正在查是否已核销");
    // The code could redeem the bill a second time, so the page warns first.
    await page.getByRole("button", { name: "返回会员码" }).click();
    await expect(page.getByTestId("code-sheet")).toContainText("正在查是否已核销");
    await expect(page.getByTestId("code-qr")).toHaveCount(0);
    // The tag of another shop, and a redemption there.
    const shops = (await (await page.request.get("/v1/shops?city=shanghai&limit=100")).json()) as { shops: { id: string; redeemMethods: string[] }[] };
    const other = shops.shops.filter(({ id, redeemMethods }) => id !== NOODLES && redeemMethods.includes("shop-pin")).at(-1)?.id;
    await page.goto(`/?shop=${other}`);
    await redeemByPin(page, "20");
    await expect(page.getByTestId("code-result")).toContainText("已核销");
    // Back at the first shop, the page asks for the outcome and sends no other redemption.
    reachable = true;
    await page.goto(`/?shop=${NOODLES}`);
    await expect(page.getByTestId("code-result")).toContainText("省了 ¥5");
    expect(keys).toHaveLength(1);
    expect(await redemptions(page)).toBe(before + 2);
  });

  test("the outcome is also asked for after a reload in the middle of it", async ({ openAs, page }) => {
    let lost = true;
    await page.route("**/v1/shops/*/redemptions", async (route) => {
      await route.fetch();
      if (lost) await new Promise(() => {});
    });
    await openAs("active", `/?shop=${NOODLES}`);
    const before = await redemptions(page);
    await redeemByPin(page, "60");
    await expect.poll(() => redemptions(page)).toBe(before + 1);
    lost = false;
    await page.reload();
    await expect(page.getByTestId("code-result")).toContainText("省了 ¥6");
    expect(await redemptions(page)).toBe(before + 1);
  });
});

test.describe("wrong PINs", () => {
  test("are counted down, then locked, and the page says so each time", async ({ openAs, page, expectError }) => {
    for (const status of [422, 429]) expectError(answered(status));
    // No other test uses this shop's PIN, which is locked at the end.
    const shops = (await (await page.request.get("/v1/shops?city=shanghai&limit=100")).json()) as {
      shops: { id: string; redeemMethods: string[] }[];
    };
    const shop = shops.shops.find(({ id, redeemMethods }) => id !== NOODLES && redeemMethods.includes("shop-pin"));
    await openAs("active", `/?shop=${shop?.id}`);
    await page.getByTestId("pin-open").click();
    const said = page.getByTestId("pin-said");
    for (const expected of ["还可以试 4 次", "还可以试 3 次", "还可以试 2 次", "还可以试 1 次", "15 分钟后再试", "15 分钟后再试"]) {
      await page.getByTestId("pin-bill").fill("20");
      await page.getByTestId("pin-field").fill("111222");
      await page.getByTestId("pin-submit").click();
      await expect(said).toContainText(expected);
    }
    // While it is locked, the right PIN is refused too.
    await page.getByTestId("pin-field").fill(PIN);
    await page.getByTestId("pin-submit").click();
    await expect(said).toContainText("分钟后再试");
  });
});

test.describe("a tag or a sticker", () => {
  test("opens the sheet at its shop, with the shop's way and discount", async ({ openAs, page }) => {
    await openAs("active", `/?shop=${NOODLES}`);
    const sheet = page.getByTestId("code-sheet");
    await expect(sheet).toContainText("老灶间面馆");
    await expect(sheet).toContainText("9 折");
    await expect(page.getByTestId("code-steps")).toContainText("手机相机");
    await shownDigits(page);
  });

  test("of a shop that has left says so, also to a phone that has an older list", async ({ server, openAs, page }) => {
    await openAs("active");
    await expect(page.getByTestId("shop-row").first()).toBeVisible();
    const shop = "sh-maiyu-bakery";
    server.operator("shops", "leave", shop, "--on", "2020-01-01");
    try {
      await page.goto(`/?shop=${shop}`);
      await expect(page.getByTestId("code-sheet")).toContainText("1月1日 起不再参加，会员码在其他精选店照常可用");
      await shownDigits(page);
    } finally {
      server.operator("shops", "leave", shop, "--undo");
    }
  });

  test("of an unknown shop says so and still shows the code", async ({ openAs, page, expectError }) => {
    expectError(answered(404));
    await openAs("active", "/?shop=no-such-shop");
    await expect(page.getByTestId("code-sheet")).toContainText("没找到这家店，会员码在其他精选店照常可用");
    await shownDigits(page);
  });
});

test("a till that wants digits gets digits: the symbol holds nothing else, and they redeem", async ({ server, openAs, page }) => {
  const shops = (await (await page.request.get("/v1/shops?city=shanghai&limit=100")).json()) as { shops: { id: string; codeForm: string }[] };
  const shop = shops.shops.find(({ codeForm }) => codeForm === "digits");
  expect(shop).toBeDefined();
  await openAs("active", `/?shop=${shop?.id}`);
  await shownDigits(page);
  const digits = await codeWithSecondsLeft(page, 5);
  await expect.poll(async () => decode(await page.getByTestId("code-qr").screenshot())).toEqual({ zxing: digits, jsqr: digits });
  expect((await server.redeem(await server.terminal(shop?.id ?? ""), digits, 2_000)).status).toBe(201);
});

for (const [width, height] of [[320, 640], [390, 844], [768, 1024]] as const) {
  test(`turned to staff at ${width}x${height}: upside down, in both languages, and it scans`, async ({ openAs, page }) => {
    await page.setViewportSize({ width, height });
    await openAs("active", `/?shop=${NOODLES}`);
    await shownDigits(page);
    await page.getByTestId("code-turn").click();
    const digits = await codeWithSecondsLeft(page, 4);
    const turned = await page.locator(".code-sheet").evaluate((element) => getComputedStyle(element).transform);
    expect(turned).toMatch(/^matrix\(-1, /);
    const steps = page.getByTestId("code-steps");
    await expect(steps).toContainText("用店里的手机相机扫二维码");
    await expect(steps).toContainText("Scan the code with the shop's phone camera");
    const read = await decode(await page.getByTestId("code-qr").screenshot());
    expect(read.zxing).toContain(digits);
    expect(read.jsqr).toContain(digits);
    const size = await steps.locator("li span").first().evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
    expect(size).toBeGreaterThanOrEqual(19);
    // Nothing is cut off at the side.
    expect(await page.getByTestId("code-sheet").evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    await page.getByTestId("code-turn").click();
    await expect(page.locator(".code-sheet--turned")).toHaveCount(0);
  });
}

test("the screen stays awake while the sheet is open, also after coming back, and not longer", async ({ openAs, page }) => {
  await page.addInitScript(() => {
    const log: string[] = [];
    const state = { hidden: false };
    Object.defineProperty(Document.prototype, "hidden", { get: () => state.hidden });
    Object.defineProperty(Navigator.prototype, "wakeLock", {
      get: () => ({
        request: async (type: string) => {
          log.push(`request ${type}`);
          return { release: async () => void log.push("release") };
        },
      }),
    });
    Object.assign(window, { log, state });
  });
  await openAs("active");
  const log = () => page.evaluate(() => (window as unknown as { log: string[] }).log);
  expect(await log()).toEqual([]);
  await showCode(page);
  expect(await log()).toEqual(["request screen"]);
  await page.evaluate(() => {
    const { state } = window as unknown as { state: { hidden: boolean } };
    for (const hidden of [true, false]) {
      state.hidden = hidden;
      document.dispatchEvent(new Event("visibilitychange"));
    }
  });
  await expect.poll(log).toEqual(["request screen", "request screen", "release"]);
  await page.keyboard.press("Escape");
  await expect.poll(log).toEqual(["request screen", "request screen", "release", "release"]);
});

test("the host app hears when a code is on screen and when it is gone", async ({ openAs, page }) => {
  await page.addInitScript(() => {
    const heard: string[] = [];
    for (const name of ["code-shown", "code-hidden"]) addEventListener(name, () => heard.push(name));
    Object.assign(window, { heard });
  });
  await openAs("active");
  const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  await showCode(page);
  await expect.poll(heard).toEqual(["code-shown"]);
  await page.keyboard.press("Escape");
  await expect.poll(heard).toEqual(["code-shown", "code-hidden"]);
});

for (const way of ["back button", "Escape", "close button", "swipe"] as const) {
  test(`the sheet closes by ${way}, and the focus returns`, async ({ openAs, page }) => {
    await openAs("active");
    const opener = page.getByTestId("code-open");
    await opener.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("code-qr")).toBeVisible();
    if (way === "back button") await page.goBack();
    if (way === "Escape") await page.keyboard.press("Escape");
    if (way === "close button") await page.getByRole("button", { name: "关闭" }).click();
    if (way === "swipe") {
      const session = await page.context().newCDPSession(page);
      const touch = (type: "touchStart" | "touchMove" | "touchEnd", y: number) =>
        session.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x: 195, y }] });
      await touch("touchStart", 60);
      for (let y = 80; y <= 300; y += 20) await touch("touchMove", y);
      await touch("touchEnd", 300);
    }
    await expect(page.getByTestId("code-sheet")).toHaveCount(0);
    await expect(opener).toBeFocused();
  });
}

/** Staff open the form, type bill and PIN, and confirm. */
async function redeemByPin(page: Page, yuan: string): Promise<void> {
  await page.getByTestId("pin-open").click();
  await page.getByTestId("pin-bill").fill(yuan);
  await page.getByTestId("pin-field").fill(PIN);
  await page.getByTestId("pin-submit").click();
}

async function redemptions(page: Page): Promise<number> {
  const ledger = (await (await page.context().request.get("/v1/redemptions")).json()) as { redemptions: unknown[] };
  return ledger.redemptions.length;
}
