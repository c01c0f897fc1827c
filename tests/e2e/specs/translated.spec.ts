// A browser's translator replaces the page's text nodes by elements. No text on screen may become older than its state.
import type { Page } from "@playwright/test";
import { expect, nextCode, showCode, shownDigits, test } from "../support/test.ts";

test.use({ codePeriod: 6 });

const SHOP = "sh-wutongli-coffee";

/** Replaces each text outside `translate="no"`, now and later, as translators do. With `all`, also inside. */
async function translate(page: Page, all: boolean): Promise<void> {
  await page.evaluate((all) => {
    const replaced = new WeakSet<Node>();
    const replace = (text: Text) => {
      const parent = text.parentElement;
      if (!parent || replaced.has(text) || !text.data.trim()) return;
      if (parent.closest("script, style, font") || (!all && parent.closest('[translate="no"]'))) return;
      const font = document.createElement("font");
      font.textContent = text.data;
      for (const node of font.childNodes) replaced.add(node);
      text.replaceWith(font);
    };
    const replaceIn = (node: Node) => {
      const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      const found: Text[] = node instanceof Text ? [node] : [];
      while (texts.nextNode()) found.push(texts.currentNode as Text);
      found.forEach(replace);
    };
    replaceIn(document.body);
    new MutationObserver((changes) => {
      for (const change of changes) for (const node of change.addedNodes) replaceIn(node);
    }).observe(document.body, { childList: true, subtree: true });
  }, all);
}

test.describe("to a reader whose browser has another language", () => {
  test.use({ locale: "ja-JP" });

  for (const [what, all] of [
    ["texts that may be translated", false],
    ["all texts, whatever they forbid", true],
  ] as const) {
    test(`${what}: digits, countdown, result, savings and count go on`, async ({ server, openAs }) => {
      const page = await openAs("active");
      await expect(page.getByTestId("shop-row").first()).toBeVisible();
      await translate(page, all);
      const first = await showCode(page);
      const second = await nextCode(page, await nextCode(page, first));
      const countdown = page.getByTestId("code-countdown");
      await expect(countdown).not.toHaveText(await countdown.innerText());
      const payable = await server.redeem(await server.terminal(SHOP), await shownDigits(page), 10_000);
      expect(payable.status).toBe(201);
      await expect(page.getByTestId("code-result")).toContainText("已核销");
      await expect(page.getByTestId("code-digits")).toHaveCount(0);
      expect(second).not.toBe(first);
      await page.keyboard.press("Escape");
      const count = page.locator(".nearby-shops__count");
      const before = await count.innerText();
      await page.getByTestId("shop-search").fill("梧桐里");
      await expect(count).not.toHaveText(before);
      await expect(count).toContainText("1");
      await expect(page.getByTestId("shop-row")).toHaveCount(1);
    });
  }

  test("the page may be translated, but not what must be exact", async ({ openAs }) => {
    const page = await openAs("active");
    await showCode(page);
    expect(await page.evaluate(() => document.documentElement.getAttribute("translate"))).toBeNull();
    for (const exact of [
      page.getByTestId("code-digits"),
      page.getByTestId("code-countdown").locator("[translate]"),
      page.locator(".member-card__number"),
      page.locator(".member-card__line"),
      page.locator(".payoff strong"),
    ]) {
      expect(await exact.evaluate((element) => element.closest('[translate="no"]') !== null), String(exact)).toBe(true);
    }
  });

  test("the banner says what the backend says", async ({ server, openAs, page }) => {
    const connected = page.waitForResponse("**/v1/events");
    await openAs("refund-processing");
    await connected;
    const banner = page.getByTestId("refund-banner");
    await expect(banner).toContainText("处理中");
    await translate(page, true);
    const { id } = (await (await page.request.get("/v1/refund")).json()) as { id: string };
    await server.refundEvent(id, "succeeded");
    await expect(banner).toHaveAttribute("data-state", "succeeded");
    await expect(banner).toContainText("已到账");
    await expect(banner).not.toContainText("处理中");
  });
});

test.describe("to a reader who knows the page's language", () => {
  for (const locale of ["zh-CN", "zh-TW", "en-GB"]) {
    test.describe(locale, () => {
      test.use({ locale });
      test("the browser offers no translation", async ({ openAs }) => {
        const page = await openAs("active");
        await expect(page.getByTestId("member-status")).not.toBeEmpty();
        await expect(page.locator("html")).toHaveAttribute("translate", "no");
      });
    });
  }
});
