// A staff member's phone at a shop.
import { type Browser, type Page, devices } from "@playwright/test";
import type { Server } from "./server.ts";

/** A staff member's phone: another browser, without any data of the member's. */
export async function staffPhone(browser: Browser, server: Server): Promise<Page> {
  const context = await browser.newContext({ ...devices["Pixel 5"], baseURL: server.origin, locale: "zh-CN" });
  return context.newPage();
}

/** Pairs the phone with a shop, as the shop's owner does. */
export async function pair(phone: Page, server: Server, shop: string): Promise<void> {
  const { code } = (await (await fetch(`${server.origin}/demo/pairing/${shop}`)).json()) as { code: string };
  await phone.goto("/R");
  await phone.locator("input[name=code]").fill(code);
  await phone.locator("form button").first().click();
}
