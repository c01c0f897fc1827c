// What is on screen, and where: at the till, at first sight, on small and wide screens, in every language, with large
// text. Boxes are compared, not pictures.
import type { BrowserContext, Locator, Page } from "@playwright/test";
import { fromPng, readWith } from "../support/decoders.ts";
import { ABORTED, answered, expect, idle, shownDigits, test } from "../support/test.ts";

const SIZES = [
  [320, 568],
  [390, 844],
  [667, 375],
  [768, 1024],
  [1440, 900],
] as const;
const LANGUAGES = ["zh-CN", "zh-TW", "en-GB"] as const;
const TEXT_SIZES = [100, 150] as const;
/** A shop that takes a code and its PIN. */
const NOODLES = "sh-laozaojian-noodles";
const NEARBY = { geolocation: { latitude: 31.2117, longitude: 121.4421 }, permissions: ["geolocation"] };

type Box = { left: number; top: number; right: number; bottom: number };

const box = (locator: Locator): Promise<Box> =>
  locator.evaluate((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left, top, right, bottom };
  });

const height = async (locator: Locator): Promise<number> => {
  const { top, bottom } = await box(locator);
  return bottom - top;
};

const setTextSize = (page: Page, percent: number) =>
  page.evaluate((percent) => void (document.documentElement.style.fontSize = `${percent}%`), percent);

/** Everything of a sheet has risen to its place. */
const risen = (page: Page) =>
  page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState === "finished"));

async function inLanguage(context: BrowserContext, language: (typeof LANGUAGES)[number]): Promise<void> {
  const locale = { "zh-CN": "zh-Hans", "zh-TW": "zh-Hant", "en-GB": "en" }[language];
  await context.addInitScript((locale) => localStorage.setItem("locale", locale), locale);
}

test.describe("the code sheet fits", () => {
  for (const language of LANGUAGES) {
    for (const text of TEXT_SIZES) {
      test(`in ${language} with text at ${text} %, on every screen, turned to staff too`, async ({ openAs, page, context }) => {
        await inLanguage(context, language);
        await openAs("active", `/?shop=${NOODLES}#code`);
        await shownDigits(page);
        await setTextSize(page, text);
        for (const [width, screenHeight] of SIZES) {
          await page.setViewportSize({ width, height: screenHeight });
          for (const isTurned of [false, true]) {
            if (isTurned) await page.getByTestId("code-turn").click();
            await risen(page);
            await idle(page);
            const what = `${width}x${screenHeight}${isTurned ? ", turned" : ""}`;
            const parts = ["code-qr", "code-digits", "code-countdown"].map((name) => page.getByTestId(name));
            const actions = [page.getByTestId("code-turn"), ...(isTurned ? [] : [page.getByTestId("pin-open")])];
            const foot = await box(page.locator(".code-sheet__tools"));
            for (const part of parts) {
              const { left, top, right, bottom } = await box(part);
              expect(left >= 0 && top >= 0 && right <= width && bottom <= foot.top, `${what}: ${JSON.stringify({ left, top, right, bottom })} above ${foot.top}`).toBe(true);
            }
            for (const action of [...actions, page.locator(".sheet__close")]) {
              const { left, top, right, bottom } = await box(action);
              expect(left >= 0 && top >= 0 && right <= width && bottom <= screenHeight, `${what}: an action at ${JSON.stringify({ left, top, right, bottom })}`).toBe(true);
            }
            expect(await height(page.getByTestId("code-qr")), what).toBeLessThanOrEqual(0.48 * screenHeight);
            expect(await brokenDigits(page), what).toEqual([]);
            if (isTurned) await page.getByTestId("code-turn").click();
          }
        }
        await page.setViewportSize({ width: 320, height: 568 });
        await idle(page);
        let [digits, picture] = ["", fromPng(await page.getByTestId("code-qr").screenshot())];
        // The code may change between the two.
        while (digits !== (digits = await shownDigits(page))) picture = fromPng(await page.getByTestId("code-qr").screenshot({ scale: "device" }));
        for (const decoder of ["zxing", "jsqr"] as const) expect(await readWith(decoder, picture), decoder).toContain(digits);
      });
    }
  }

  /** The lines of the digits, unless they are all in one line, or eight and twelve. */
  async function brokenDigits(page: Page): Promise<string[]> {
    const lines = await page.getByTestId("code-digits").evaluate((digits) => {
      const found = new Map<number, string>();
      const walker = document.createTreeWalker(digits, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (let at = 0; at < (node.textContent ?? "").length; at++) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const rect = range.getBoundingClientRect();
          if (rect.width > 0) found.set(Math.round(rect.top), (found.get(Math.round(rect.top)) ?? "") + (node.textContent ?? "")[at]);
        }
      }
      return [...found.values()].map((line) => line.replaceAll(" ", "")).filter((line) => line !== "");
    });
    const lengths = lines.map((line) => line.length).sort((a, b) => a - b);
    return [[20], [8, 12]].some((allowed) => JSON.stringify(allowed) === JSON.stringify(lengths)) ? [] : lines;
  }
});

test("the way that worked last at a shop comes first at its next visit", async ({ openAs, page }) => {
  await openAs("active", `/?shop=${NOODLES}#code`);
  await shownDigits(page);
  await page.getByTestId("pin-open").click();
  await page.getByTestId("pin-bill").fill("84");
  await expect(page.getByTestId("pin-payable")).toHaveText("¥75.60");
  await page.getByTestId("pin-field").fill("246810");
  await page.getByTestId("pin-submit").click();
  // The result speaks to the till, under the shop's name.
  await expect(page.getByTestId("result-due")).toHaveText("¥75.60");
  expect(await page.getByTestId("result-due").evaluate((due) => getComputedStyle(due).fontSize)).toBe("48px");
  await expect(page.getByTestId("result-saved")).toHaveText("省了 ¥8.40");
  await expect(page.getByTestId("code-sheet").getByRole("heading", { level: 2 })).toHaveText("老灶间面馆");
  const [title, due, saved, shop] = await Promise.all(
    [page.getByText("已核销", { exact: true }), page.getByTestId("result-due"), page.getByTestId("result-saved"), page.locator(".code-result__shop")].map(box),
  );
  expect(title.bottom <= due.top && due.bottom <= saved.top + 1 && saved.bottom <= shop.top).toBe(true);
  await page.reload();
  // A redemption of the last half second is the opened sheet's result.
  const another = page.getByRole("button", { name: "再出示一个码" });
  await expect(page.getByTestId("pin-form").or(another)).toBeVisible();
  if (await another.isVisible()) await another.click();
  await expect(page.getByTestId("pin-form")).toBeVisible();
  await expect(page.getByTestId("code-qr")).toHaveCount(0);
});

test.describe("at first sight", () => {
  test.use({ ...NEARBY, viewport: { width: 390, height: 844 } });

  for (const language of LANGUAGES) {
    test(`in ${language}: card, code, one line of events and three shops`, async ({ openAs, page, context }) => {
      await inLanguage(context, language);
      await openAs("active");
      await expect(page.getByTestId("shop-row").first()).toBeVisible();
      await page.locator(".nearby-shops__locate").click();
      await expect(page.locator(".shop-row__distance").first()).not.toBeEmpty();
      expect(await height(page.getByTestId("member-card"))).toBeLessThanOrEqual(250);
      await expect(page.getByTestId("event-row")).toHaveCount(1);
      expect(await height(page.locator(".member-events"))).toBeLessThanOrEqual(48);
      const third = await box(page.getByTestId("shop-row").nth(2));
      expect(third.bottom).toBeLessThanOrEqual(844);
      const [search, chips] = await Promise.all([page.locator(".shop-filters__search"), page.locator(".shop-filters__chips")].map(box));
      expect(Math.abs(search.top + search.bottom - chips.top - chips.bottom), "search and filters share a row").toBeLessThanOrEqual(2);
    });

    test(`in ${language}: a shop's row has at most 88 px, and no line begins with a dot`, async ({ openAs, page, context }) => {
      await inLanguage(context, language);
      await openAs("active");
      await expect(page.getByTestId("shop-row").first()).toBeVisible();
      await page.locator(".nearby-shops__locate").click();
      await expect(page.locator(".shop-row__distance").first()).not.toBeEmpty();
      const high = await page.getByTestId("shop-row").evaluateAll((rows) => rows.filter((row) => row.getBoundingClientRect().height > 88).map((row) => row.textContent));
      expect(high).toEqual([]);
      for (const [width, percent] of [[390, 100], [320, 100], [320, 150], [768, 100]] as const) {
        await page.setViewportSize({ width, height: 844 });
        await setTextSize(page, percent);
        await idle(page);
        expect(await page.locator("main").evaluate(linesThatBeginWithADot), `${width} px, text at ${percent} %`).toEqual([]);
      }
    });
  }

  /** The texts of which a line begins with a dot. */
  function linesThatBeginWithADot(main: Element): string[] {
    const found: string[] = [];
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent ?? "";
      let last = Number.NEGATIVE_INFINITY;
      for (let at = 0; at < text.length; at++) {
        if (text[at]?.trim() === "") continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const { top, width } = range.getBoundingClientRect();
        if (width === 0) continue;
        if (text[at] === "·" && top > last + 4 && Number.isFinite(last)) found.push(text);
        last = top;
      }
    }
    return found;
  }
});

test.describe("the code is one tap away", () => {
  for (const [width, screenHeight] of [[390, 844], [1440, 420]] as const) {
    test(`at ${width}x${screenHeight}, once the card is out of view`, async ({ openAs, page }) => {
      await page.setViewportSize({ width, height: screenHeight });
      await openAs("active");
      await expect(page.getByTestId("shop-row").first()).toBeVisible();
      const pill = page.getByTestId("code-pill");
      await expect(pill).toHaveCount(0);
      // On a wide screen the card stays beside the list, unless the screen is lower than the card.
      if (width > 768) await page.locator(".page__card").evaluate((card) => ((card as HTMLElement).style.position = "static"));
      await page.getByTestId("shop-row").nth(15).scrollIntoViewIfNeeded();
      await expect(pill).toBeVisible();
      expect(await height(pill)).toBe(56);
      const { bottom, left, right } = await box(pill);
      expect(bottom).toBeLessThanOrEqual(screenHeight);
      expect(left >= 0 && right <= width).toBe(true);
      // At the end of the page it covers nothing.
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      await idle(page);
      const top = (await box(pill)).top;
      for (const action of [page.getByTestId("shop-row").last(), page.locator(".page__footer")]) expect((await box(action)).bottom).toBeLessThanOrEqual(top);
      await pill.click();
      await shownDigits(page);
      await risen(page);
      // Never over a sheet.
      const { x, y } = await pill.evaluate((pill) => {
        const { left, top, width, height } = pill.getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2 };
      });
      expect(await page.evaluate(({ x, y }) => document.elementFromPoint(x, y)?.closest("[data-testid=code-pill]") === null, { x, y })).toBe(true);
    });
  }

  test("a focused row is not under it", async ({ openAs, page }) => {
    await openAs("active");
    await expect(page.getByTestId("shop-row").first()).toBeVisible();
    await page.locator(".shop-row__button").nth(8).focus();
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press("Tab");
      await idle(page);
      const focused = await box(page.locator(".shop-row__button:focus"));
      const pill = page.getByTestId("code-pill");
      if ((await pill.count()) > 0) expect(focused.bottom).toBeLessThanOrEqual((await box(pill)).top + 1);
    }
  });
});

test("the search is above the keyboard and stays there, however few the results", async ({ openAs, page }) => {
  // A keyboard leaves about this height.
  await page.setViewportSize({ width: 390, height: 500 });
  await openAs("active");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  const search = page.getByTestId("shop-search");
  await search.click();
  const field = page.locator(".shop-filters__search");
  await expect.poll(async () => (await box(field)).top).toBeLessThanOrEqual(12);
  const before = await page.evaluate(() => scrollY);
  await search.pressSequentially("梧桐里");
  await expect(page.getByTestId("shop-row")).toHaveCount(1);
  await idle(page);
  expect(await page.evaluate(() => scrollY)).toBe(before);
  expect((await box(page.getByTestId("shop-row"))).bottom).toBeLessThanOrEqual(420);
  await search.fill("没有这样的店");
  await expect(page.getByTestId("shop-empty")).toBeVisible();
  await idle(page);
  expect(await page.evaluate(() => scrollY)).toBe(before);
  // Scrolled deep into the list, a search shows its results too.
  await search.fill("");
  await page.getByTestId("shop-row").nth(15).scrollIntoViewIfNeeded();
  await search.fill("梧桐里");
  await expect(page.getByTestId("shop-row")).toHaveCount(1);
  await expect.poll(async () => (await box(page.getByTestId("shop-row"))).top).toBeGreaterThan(0);
  await search.fill("没有这样的店");
  await expect(page.getByTestId("shop-empty")).toBeVisible();
  // One alignment: everything begins at the same edge.
  const lefts = await page.locator(".nearby-shops__empty > *, .shop-empty__said, .shop-empty__nearest").evaluateAll((parts) => parts.map((part) => Math.round(part.getBoundingClientRect().left)));
  expect(new Set(lefts).size).toBe(1);
});

test("open shops come before shops that open later, within a section", async ({ openAs, page }) => {
  await openAs("active");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  const states = await page.locator(".nearby-shops__list").evaluate((list) =>
    [...list.querySelectorAll(".nearby-shops__section, .shop-row")].map((part) => {
      if (part.matches(".nearby-shops__section")) return "section";
      if (part.querySelector(".shop-row__why--poor")) return "fails";
      return part.querySelector(".shop-row__open--yes") ? "open" : (part.querySelector(".shop-row__open")?.textContent ?? "");
    }),
  );
  let hasClosed = false;
  for (const state of states) {
    if (state === "section") hasClosed = false;
    else if (state.startsWith("休息中")) hasClosed = true;
    else if (state === "open") expect(hasClosed, states.join(", ")).toBe(false);
  }
});

test("a shop's sheet answers who stands outside, and keeps its name and close button", async ({ openAs, page }) => {
  await openAs("active", "/#shop/sh-wutongli-coffee");
  await expect(page.getByTestId("shop-call")).toBeVisible();
  await expect(page.getByTestId("shop-directions")).toHaveAttribute("href", /^https:\/\/uri\.amap\.com\/navigation\?to=121\.\d+,31\.\d+,/);
  await expect(page.getByTestId("shop-call")).toHaveAttribute("href", "tel:02155500137");
  const actions = ["shop-directions", "shop-favourite", "shop-share", "shop-call"].map((name) => page.getByTestId(name));
  for (const action of actions) expect((await box(action)).bottom).toBeLessThanOrEqual(260);
  await expect(page.getByTestId("shop-week")).toHaveText("每天 08:00–20:00");
  await expect(page.getByTestId("shop-redeem").getByRole("heading")).toHaveText("怎么用");
  await page.getByTestId("shop-sheet").evaluate((sheet) => sheet.scrollTo(0, 600));
  await idle(page);
  expect((await box(page.getByRole("heading", { name: "梧桐里手冲", level: 2 }))).top).toBeGreaterThanOrEqual(0);
  const close = await box(page.locator(".sheet__close"));
  expect(close.top >= 0 && close.bottom <= 120).toBe(true);
});

test.describe("after the end", () => {
  const reds = (banner: Locator) =>
    banner.evaluate((banner) => {
      const isRed = (colour: string) => {
        const [r = 0, g = 0, b = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
        return alpha > 0 && r > 140 && g < 90 && b < 90;
      };
      const painted = [...banner.querySelectorAll<HTMLElement>("*")].filter((element) => {
        const { color, backgroundColor } = getComputedStyle(element);
        const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
        return isRed(backgroundColor) || (hasText && isRed(color));
      });
      return [...new Set(painted.map((element) => element.closest("[data-stop]")?.getAttribute("data-stop") ?? element.className))];
    });

  for (const [persona, stop] of [["refund-abnormal", "stuck"], ["refund-closed", "closed"]] as const) {
    test(`${persona}: only the failed step is red`, async ({ openAs, page }) => {
      await openAs(persona);
      await expect(page.getByTestId("refund-banner")).toBeVisible();
      expect(await reds(page.getByTestId("refund-banner"))).toEqual([stop]);
      if (persona === "refund-closed") await expect(page.getByTestId("member-card")).not.toContainText("没有回本");
    });
  }

  test("shops say what they gave", async ({ openAs, page }) => {
    await openAs("refund-succeeded");
    await expect(page.locator(".shop-row__discount").first()).toHaveText(/^曾 [\d.]+ 折$/);
    await expect(page.locator(".shop-row__saving:not(:empty)")).toHaveCount(0);
    await page.getByTestId("shop-row").first().click();
    await expect(page.getByTestId("shop-saving")).toContainText(/^曾 [\d.]+ 折/);
  });

  test("before it, the banner has two lines and one hollow bar", async ({ openAs, page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await openAs("ending");
    await expect(page.getByTestId("refund-banner")).toBeVisible();
    await idle(page);
    const lines = page.locator(".refund-banner__title, .refund-banner__line");
    expect(await lines.evaluateAll((lines) => lines.map((line) => line.getClientRects().length === 1 && line.getBoundingClientRect().height < 30))).toEqual([true, true]);
    const colours = await page.evaluate(() => [...document.querySelectorAll(".refund-stop__mark")].map((mark) => getComputedStyle(mark).backgroundColor));
    expect(colours).toEqual(Array.from({ length: 4 }, () => "rgba(0, 0, 0, 0)"));
  });
});

test("offline and without a code it says what to do, and goes on by itself", async ({ openAs, page, expectError }) => {
  expectError(ABORTED);
  await page.route("**/v1/credentials", (route) => route.abort());
  await openAs("active", "/#code");
  const note = page.getByTestId("code-needs-network");
  await expect(note).toContainText("第一次出示会员码要联网");
  await expect(note.locator("p")).toHaveCount(1);
  await page.unroute("**/v1/credentials");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await shownDigits(page);
});

test("signed out, the card says once what it would bring", async ({ page, expectError }) => {
  expectError(answered(401));
  await page.goto("/");
  const card = page.getByTestId("member-card");
  await expect(card).toContainText("还没有登录");
  await expect(card).toContainText("至少 9 折");
  await expect(card.getByRole("button")).toHaveCount(1);
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  expect((await page.locator("main").innerText()).split("登录").length - 1, "said once, with its reason").toBe(2);
});

test.describe("on wide screens", () => {
  test("the filters are one row at every width, and the list begins above 400 px", async ({ openAs, page }) => {
    await openAs("active");
    await expect(page.getByTestId("shop-row").first()).toBeVisible();
    for (const width of [320, 390, 768, 1440]) {
      await page.setViewportSize({ width, height: 1024 });
      await idle(page);
      const tops = await page.locator(".shop-filters__chips .chip").evaluateAll((chips) => chips.map((chip) => Math.round(chip.getBoundingClientRect().top)));
      expect(new Set(tops).size, `${width} px`).toBe(1);
      if (width >= 768) expect((await box(page.getByTestId("shop-list"))).top, `${width} px`).toBeLessThan(400);
    }
    const selected = page.locator(".nearby-shops__order [aria-pressed=true]");
    const other = page.locator(".nearby-shops__order [aria-pressed=false]");
    const background = (part: Locator) => part.evaluate((part) => getComputedStyle(part).backgroundColor);
    expect(await background(selected)).not.toBe("rgba(0, 0, 0, 0)");
    expect(await background(other)).toBe("rgba(0, 0, 0, 0)");
  });

  test("at 1440 px the code stands left and details stand right", async ({ openAs, page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await openAs("active", "/#shop/sh-wutongli-coffee");
    await expect(page.getByTestId("shop-show-code")).toBeVisible();
    await risen(page);
    const card = await box(page.locator(".page__card"));
    const details = await box(page.getByTestId("shop-sheet"));
    expect(details.left).toBeGreaterThanOrEqual(card.right);
    await page.getByTestId("shop-show-code").click();
    await shownDigits(page);
    await risen(page);
    const code = await box(page.getByTestId("code-sheet"));
    expect(code.right).toBeLessThanOrEqual(details.left);
    expect(Math.abs(code.left - card.left)).toBeLessThanOrEqual(20);
  });
});

test("English is set in a Latin font, and opening times do not wrap", async ({ openAs, page, context }) => {
  await inLanguage(context, "en-GB");
  await page.setViewportSize({ width: 320, height: 700 });
  await openAs("active");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  const quote = await page.evaluate(() => {
    const probe = document.createElement("span");
    probe.textContent = "“";
    probe.style.position = "absolute";
    document.querySelector("main")?.append(probe);
    const share = probe.getBoundingClientRect().width / Number.parseFloat(getComputedStyle(probe).fontSize);
    probe.remove();
    return share;
  });
  expect(quote, "a quote in a font for Chinese is as wide as it is high").toBeLessThan(0.7);
  const wrapped = await page.locator(".shop-row__open").evaluateAll((states) => states.filter((state) => state.getBoundingClientRect().height > 20).map((state) => state.textContent));
  expect(wrapped).toEqual([]);
});

test("sheets rise opaque in 240 ms, and their feet have one spacing", async ({ openAs, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openAs("active");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  const feet: Record<string, string> = {};
  for (const [address, sheet] of [["#shop/sh-wutongli-coffee", "shop-sheet"], [`?shop=${NOODLES}#code`, "code-sheet"]] as const) {
    await page.goto(`/${address}`);
    await expect(page.getByTestId(sheet)).toBeVisible();
    const rise = await page.getByTestId(sheet).evaluate((dialog) => {
      const style = getComputedStyle(dialog);
      const names = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof CSSKeyframesRule && rule.name === "sheet-rises");
      return { duration: style.animationDuration, opacity: names.some((rule) => rule.cssText.includes("opacity")), frames: names.length };
    });
    expect(rise).toMatchObject({ duration: "0.24s", opacity: false });
    expect(rise.frames).toBeGreaterThan(0);
    await expect(page.locator(".sheet-foot")).toBeVisible();
    feet[sheet] = await page.locator(".sheet-foot").evaluate((foot) => `${getComputedStyle(foot).paddingTop} ${getComputedStyle(foot).paddingBottom}`);
  }
  expect(feet).toEqual({ "shop-sheet": "12px 12px", "code-sheet": "12px 12px" });
});

for (const address of ["/", "/#code"]) {
  test(`nothing moves while ${address} loads`, async ({ openAs, page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.addInitScript(() => {
      const moved: string[] = [];
      Object.assign(window, { moved });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number; sources: { node: Element | null }[] })[]) {
          moved.push(`${entry.value}: ${entry.sources.map(({ node }) => node?.className ?? "?").join(", ")}`);
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    await openAs("active", address);
    if (address === "/#code") await shownDigits(page);
    await expect(page.getByTestId("shop-row").first()).toBeAttached();
    await idle(page);
    expect(await page.evaluate(() => (window as unknown as { moved: string[] }).moved)).toEqual([]);
  });
}
