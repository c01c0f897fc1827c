// At the counter: the code can be redeemed with each of a shop's devices, and the page explains what goes wrong.
import type { Page } from "@playwright/test";
import { decode } from "../support/decoders.ts";
import { pair, placesOf, serversAmounts, staffPhone } from "../support/staff.ts";
import { ABORTED, DURATION, answered, codeWithSecondsLeft, expect, showCode, shownDigits, test } from "../support/test.ts";

const COFFEE = "sh-wutongli-coffee";
/** Takes 15% off. */
const THEATRE = "sh-shengbo-theatre";
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
  await expect(phone.locator("#sum")).toHaveText("¥38.25");
  await expect(phone.locator("#saved")).toHaveText("¥4.25");
  await phone.getByRole("button", { name: /确认核销/ }).click();
  await expect(phone).toHaveURL(/\/R\/receipt\//);
  const receipt = phone.url().split("/").pop() ?? "";
  const result = page.getByTestId("code-result");
  await expect(result).toBeVisible({ timeout: 2_000 });
  for (const part of ["省了 ¥4.25", "应付 ¥38.25", receipt]) await expect(result).toContainText(part);
  await expect(phone.locator("body")).toContainText(receipt);

  await phone.locator("summary").first().click();
  await phone.locator("form[action$=undo] button").click();
  await expect(result).toContainText("已撤销");
  await expect(phone.locator("body")).toContainText("已撤销");
  await phone.context().close();
});

for (const shop of [COFFEE, THEATRE]) {
  test(`staff see what to collect while they type, as the server computes it: ${shop}`, async ({ browser, server, openAs }) => {
    const page = await openAs("active");
    const digits = await showCode(page);
    const phone = await staffPhone(browser, server);
    const errors: string[] = [];
    phone.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await pair(phone, server, shop);
    const answer = await phone.goto(`/R/${digits}`);
    expect(answer?.headers()["content-security-policy"]).toMatch(/; script-src 'sha256-[^' ]+'; style-src 'sha256-/);
    const [bill, sum, saved] = [phone.locator("input[name=bill]"), phone.locator("#sum"), phone.locator("#saved")];
    await expect(sum).toHaveText("–");
    const place = await sum.boundingBox();
    const button = await phone.getByRole("button").boundingBox();
    // The saving is rounded down to the fen. Texts are those of crates/domain/tests/money.rs, and others at each limit.
    const read = [
      ["0.01", "0.06", "0.07", "0.09", "0.1", "0.10", "0.13", "0.14", "0.19", "0.20", "1", "1.99", "42.5", "42.55", "42.59", "99.99", "168.50"],
      ["1111.11", "1111.12", "9999.99", "11111.11", "11111.12", "11764.70", "11764.71", "99999.99", "100000", "100000.00", "000000000042"],
      ["¥42.55", "￥４２．５５", " 42.55元 ", "¥¥ 42.55 元元", "42。5", "42.", "42.元", "\u300042\u3000", "42\u0085", `42${" ".repeat(80)}`],
    ].flat();
    const refused = [
      ["", " ", "0", "0.00", "100000.01", "999999999999", "0000000000042", "42.555", "4e3", "-5", "+5", "1,000", "4 2", ".5", "abc", "٤٢", "0x10"],
      ["元42", "42¥", "42 元 元", "¥ ¥42", "4.2.1", "42..", "\ufeff42", "Infinity", "<b>", `${" ".repeat(64)}42`],
    ].flat();
    for (const typed of [...read, ...refused]) {
      await bill.fill(typed);
      const shown = [await sum.innerText(), await saved.innerText()];
      const amounts = await serversAmounts(phone, digits, typed);
      expect.soft(shown, `'${typed}'`).toEqual(amounts ?? ["–", "–"]);
      expect.soft(amounts !== null, `the server reads '${typed}'`).toBe(read.includes(typed));
    }
    // Nothing has moved.
    await bill.fill("11111.11");
    const { x, y, height } = (await sum.boundingBox()) ?? {};
    expect({ x, y, height }).toEqual({ x: place?.x, y: place?.y, height: place?.height });
    expect(await phone.getByRole("button").boundingBox()).toEqual(button);
    const [toCollect, off] = [await sum.innerText(), await saved.innerText()];
    await phone.getByRole("button", { name: /确认核销/ }).click();
    await expect(phone).toHaveURL(/\/R\/receipt\//);
    for (const part of [toCollect, `−${off}`]) await expect(phone.locator("main")).toContainText(part);
    expect(errors).toEqual([]);
    await phone.context().close();
  });
}

test("a text that is not a bill goes to the server, which says why; pressing twice redeems once", async ({ browser, server, openAs }) => {
  const page = await openAs("active");
  const before = await redemptions(page);
  const digits = await showCode(page);
  const phone = await staffPhone(browser, server);
  await pair(phone, server, COFFEE);
  await phone.goto(`/R/${digits}`);
  const bill = phone.locator("input[name=bill]");
  const confirm = phone.getByRole("button", { name: /确认核销/ });
  await bill.fill("42.555");
  await confirm.click();
  await expect(phone.getByRole("alert")).toContainText("最多两位小数");
  await expect(bill).toHaveValue("42.555");
  await expect(phone.locator("#sum")).toHaveText("–");
  await bill.fill("42.55");
  await confirm.dblclick();
  await expect(phone).toHaveURL(/\/R\/receipt\//);
  await expect(phone.locator("main")).toContainText("¥38.30");
  expect(await redemptions(page)).toBe(before + 1);
  await phone.context().close();
});

test("without script a page of its own confirms the bill", async ({ browser, server, openAs }) => {
  const page = await openAs("active");
  const digits = await showCode(page);
  const phone = await staffPhone(browser, server, { javaScriptEnabled: false });
  await pair(phone, server, COFFEE);
  await phone.goto(`/R/${digits}`);
  await expect(phone.locator("#sum")).toBeHidden();
  await expect(phone.getByRole("button", { name: /确认核销/ })).toHaveCount(0);
  await phone.locator("input[name=bill]").fill("￥４２．５５");
  await phone.getByRole("button", { name: /下一步/ }).click();
  await expect(phone).toHaveURL(new RegExp(`/R/${digits}$`));
  for (const part of ["¥38.30", "¥42.55", "−¥4.25"]) await expect(phone.locator("main")).toContainText(part);
  await phone.getByRole("button", { name: /确认核销/ }).click();
  await expect(phone).toHaveURL(/\/R\/receipt\//);
  await expect(phone.locator("main")).toContainText("¥38.30");
  await expect(page.getByTestId("code-result")).toContainText("省了 ¥4.25");
  await phone.context().close();
});

test("on the staff's start page the camera is the loud way and typing the quiet one; 报表 is there once", async ({ browser, server }) => {
  const phone = await staffPhone(browser, server);
  await pair(phone, server, COFFEE);
  await expect(phone.getByRole("heading", { name: /扫会员码/ })).toBeVisible();
  const typed = phone.locator("input[name=code]");
  await expect(typed).toBeHidden();
  await expect(phone.getByRole("button")).toHaveCount(0);
  await expect(phone.getByText("报表")).toHaveCount(1);
  await phone.getByText("输入 20 位数字").click();
  await typed.fill("6601");
  await typed.press("Enter");
  await expect(phone.getByRole("alert")).toContainText("位数不对");
  await expect(typed).toBeFocused();
  await expect(typed).toBeInViewport();
  // A refusal leads to the open form.
  await phone.goto("/R/12");
  await phone.getByRole("link", { name: /手动输入/ }).click();
  await expect(typed).toBeVisible();
  await phone.getByRole("link", { name: /报表/ }).click();
  await expect(phone).toHaveURL(/\/R\/report$/);
  await expect(phone.getByText("报表")).toHaveCount(1);
  await expect(phone.getByRole("link", { name: /报表/ })).toHaveCount(0);
  await phone.context().close();
});

for (const javaScriptEnabled of [true, false]) {
  test(`no line of the staff's pages breaks a word or leaves the screen, ${javaScriptEnabled ? "with" : "without"} script`, async ({ browser, server, openAs }) => {
    const page = await openAs("active");
    const digits = await showCode(page);
    const phone = await staffPhone(browser, server, { javaScriptEnabled });
    let seen = 0;
    const check = async (): Promise<void> => {
      const opened = phone.locator("details:not([open]) summary");
      while ((await opened.count()) > 0) await opened.first().click();
      for (const width of [320, 390]) {
        await phone.setViewportSize({ width, height: 700 });
        const places = await placesOf(phone, ["核销", "会员码", "会员卡", "应收", "报表", "绑定", "撤销", "优惠", "金额"]);
        expect.soft(places.broken, `${phone.url()} at ${width}`).toEqual([]);
        expect.soft(await phone.evaluate(() => document.documentElement.scrollWidth), `${phone.url()} at ${width}`).toBe(width);
        seen += places.seen;
      }
    };
    await phone.goto(`/R/${digits}`);
    await check();
    await pair(phone, server, COFFEE);
    await check();
    for (const path of ["/R/report", "/R/report?by=month", "/R/12", "/R/28012345678987654321", "/R/66100000000000000000", "/R/receipt/NOTHING", `/R/${digits}`]) {
      await phone.goto(path);
      await check();
    }
    await phone.locator("input[name=bill]").fill("0");
    await phone.locator("main form button").click();
    await expect(phone.getByRole("alert")).toBeVisible();
    await check();
    await phone.locator("input[name=bill]").fill("88888.88");
    await check();
    await phone.locator("main form button").click();
    if (!javaScriptEnabled) {
      await check();
      await phone.getByRole("button", { name: /确认核销/ }).click();
    }
    await expect(phone).toHaveURL(/\/R\/receipt\//);
    await check();
    const receipt = phone.url();
    await phone.goto(`/R/${digits}`);
    await expect(phone.locator("body")).toContainText("本店刚刚核销过这个码");
    await check();
    await phone.goto(receipt);
    await phone.locator("summary").click();
    await phone.locator("form[action$=undo] button").click();
    await expect(phone.locator("body")).toContainText("已撤销");
    await check();
    expect(seen).toBeGreaterThan(100);
    await phone.context().close();
  });
}

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
  await expect(page.getByTestId("pin-form")).toContainText("应付 ¥32.40 省 ¥3.60");
  await page.getByTestId("pin-field").fill(PIN);
  await page.getByTestId("pin-submit").click();
  const result = page.getByTestId("code-result");
  await expect(result).toBeVisible();
  for (const part of ["已核销", "省了 ¥3.60", "老灶间面馆", "应付 ¥32.40"]) await expect(result).toContainText(part);
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
  await codeWithSecondsLeft(page, 5);
  let digits = "";
  // The code changes if an earlier test has used it: the page learns of that when its stream is connected.
  await expect
    .poll(async () => {
      digits = await shownDigits(page);
      const { zxing, jsqr } = await decode(await page.getByTestId("code-qr").screenshot());
      return zxing === digits && jsqr === digits;
    })
    .toBe(true);
  expect((await server.redeem(await server.terminal(shop?.id ?? ""), digits, 2_000)).status).toBe(201);
});

for (const [width, height] of [[320, 640], [390, 844], [768, 1024]] as const) {
  test(`turned to staff at ${width}x${height}: upside down, in both languages, and it scans`, async ({ openAs, page }) => {
    await page.setViewportSize({ width, height });
    await openAs("active", `/?shop=${NOODLES}`);
    await shownDigits(page);
    await page.getByTestId("code-turn").click();
    const turned = await page.locator(".code-sheet").evaluate((element) => getComputedStyle(element).transform);
    expect(turned).toMatch(/^matrix\(-1, /);
    const steps = page.getByTestId("code-steps");
    await expect(steps).toContainText("用店里的手机相机扫二维码");
    await expect(steps).toContainText("Scan the code with the shop's phone camera");
    await expect
      .poll(async () => {
        const digits = await shownDigits(page);
        const { zxing, jsqr } = await decode(await page.getByTestId("code-qr").screenshot());
        return [zxing, jsqr].every((read) => read?.includes(digits));
      })
      .toBe(true);
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
