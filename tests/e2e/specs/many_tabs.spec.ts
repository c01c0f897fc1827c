// Many tabs of one device share one event stream: browsers allow six connections to a server over HTTP/1.1.
import type { Page } from "@playwright/test";
import { expect, showCode, test } from "../support/test.ts";

const TABS = 12;
const SHOP = "sh-wutongli-coffee";

test("twelve tabs load, hear of a redemption, and go on when the tab with the stream closes", async ({ context, server }) => {
  test.slow();
  let streams = 0;
  context.on("request", (request) => (streams += Number(request.url().endsWith("/v1/events"))));
  await context.request.get("/demo/active");
  const tabs: Page[] = [];
  for (let tab = 0; tab < TABS; tab++) {
    const page = await context.newPage();
    await page.goto("/");
    await expect(page.getByTestId("shop-row").first()).toBeVisible();
    tabs.push(page);
  }
  expect(streams).toBe(1);
  const till = await server.terminal(SHOP);
  const last = tabs.at(-1) as Page;
  const saved = last.locator(".payoff strong");
  for (const isLeaderHere of [true, false]) {
    const before = await saved.innerText();
    const digits = await showCode(last);
    expect((await server.redeem(till, digits, 10_000)).status).toBe(201);
    await expect(last.getByTestId("code-result")).toBeVisible();
    await last.keyboard.press("Escape");
    for (const page of tabs) await expect(page.locator(".payoff strong")).not.toHaveText(before);
    if (!isLeaderHere) break;
    // The first tab has the stream. When it closes, another takes over.
    const takenOver = context.waitForEvent("request", (request) => request.url().endsWith("/v1/events"));
    await tabs.shift()?.close();
    await takenOver;
  }
  expect(streams).toBe(2);
});
