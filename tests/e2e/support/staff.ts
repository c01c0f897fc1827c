// A staff member's phone at a shop.
import { type Browser, type BrowserContextOptions, type Page, devices } from "@playwright/test";
import type { Server } from "./server.ts";

/** A staff member's phone: another browser, without any data of the member's. */
export async function staffPhone(browser: Browser, server: Server, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ ...devices["Pixel 5"], baseURL: server.origin, locale: "zh-CN", ...options });
  return context.newPage();
}

/** Pairs the phone with a shop, as the shop's owner does. */
export async function pair(phone: Page, server: Server, shop: string): Promise<void> {
  const { code } = (await (await fetch(`${server.origin}/demo/pairing/${shop}`)).json()) as { code: string };
  await phone.goto("/R");
  await phone.locator("input[name=code]").fill(code);
  await phone.locator("form button").first().click();
}

/** The amount to collect and the saving on the server's page that confirms this bill. `null` if it is not a bill. */
export async function serversAmounts(phone: Page, digits: string, bill: string): Promise<[payable: string, saved: string] | null> {
  const { origin } = new URL(phone.url());
  const answer = await phone.request.post(`/R/${digits}`, { form: { bill }, headers: { origin } });
  if (answer.status() === 422) return null;
  const page = await answer.text();
  const [, payable] = /<strong class="sum[^"]*">([^<]+)</.exec(page) ?? [];
  const [, saved] = /<dd>−([^<]+)</.exec(page) ?? [];
  if (!payable || !saved) throw new Error(`the bill '${bill}' was answered ${answer.status()}: ${page}`);
  return [payable, saved];
}

/** The places of some words in a page: how many there are, and which are broken over two lines. */
export async function placesOf(page: Page, words: string[]): Promise<{ seen: number; broken: string[] }> {
  return page.evaluate((words) => {
    const places = { seen: 0, broken: [] as string[] };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const text = node.nodeValue ?? "";
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
          places.seen += lines.size === 0 ? 0 : 1;
          if (lines.size > 1) places.broken.push(`${word} in ${text}`);
        }
      }
    }
    return places;
  }, words);
}
