// What goes wrong shows as a truthful state, never as a blank page.
import type { Page } from "@playwright/test";
import { ABORTED, NO_NETWORK, answered, expect, test } from "../support/test.ts";

const WRONG_ANSWERS = {
  "a server error": { status: 500, contentType: "application/problem+json", body: '{"type":"/problems/internal","title":"x","status":500}' },
  "a proxy's error page": { status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" },
  "no JSON": { status: 200, contentType: "application/json", body: "<html>" },
  "JSON of another shape": { status: 200, contentType: "application/json", body: '{"shops":"none","member":[1,2]}' },
  "nothing at all": { status: 200, contentType: "application/json", body: "" },
  "wrong types": { status: 200, contentType: "application/json", body: '{"shops":[{"id":7}],"total":-1,"serverTime":"now"}' },
} as const;

const PANELS = ["/v1/shops", "/v1/member-events", "/v1/me"];

/** Marks the requests that the page sends because of a click: within its event and the microtasks after it. */
async function markRequestsOfClicks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let isClicked = false;
    addEventListener("click", () => {
      isClicked = true;
      setTimeout(() => (isClicked = false));
    }, { capture: true });
    const { fetch } = window;
    window.fetch = (...given) => {
      const request = new Request(...given);
      if (isClicked) request.headers.set("x-clicked", "yes");
      return fetch(request);
    };
  });
}

for (const [what, answer] of Object.entries(WRONG_ANSWERS)) {
  test(`${what}: every panel says so, and a retry brings it back`, async ({ openAs, page, expectError }) => {
    if (answer.status !== 200) expectError(answered(answer.status));
    await markRequestsOfClicks(page);
    // A path is repaired by a request of a click, not by a retry of the page itself.
    const broken = new Set(PANELS);
    await page.route(/\/v1\/(me|shops|member-events)\b/, (route) => {
      const path = new URL(route.request().url()).pathname;
      if (route.request().headers()["x-clicked"]) broken.delete(path);
      return broken.has(path) ? route.fulfill(answer) : route.continue();
    });
    await openAs("active");
    const retries = page.getByRole("button", { name: "重试" });
    await expect(retries).toHaveCount(PANELS.length);
    for (const [index, [panel, content]] of ([
      [page.locator(".nearby-shops"), page.getByTestId("shop-row")],
      [page.locator(".offline-note", { hasText: "会员活动" }), page.getByTestId("event-row")],
      [page.getByTestId("member-card"), page.getByTestId("member-status")],
    ] as const).entries()) {
      await expect(content).toHaveCount(0);
      await panel.getByRole("button", { name: "重试" }).click();
      await expect(content.first()).toBeVisible();
      // The click has repaired this panel and no other.
      expect([...broken]).toEqual(PANELS.slice(index + 1));
      await expect(retries).toHaveCount(broken.size);
    }
    await expect(page.getByTestId("member-status")).toHaveText("有效");
  });
}

test("one panel's failure leaves the other alone", async ({ openAs, page, expectError }) => {
  expectError(ABORTED);
  await page.route("**/v1/shops?*", (route) => route.abort());
  await openAs("active");
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await expect(page.getByText("连不上网络，请检查后重试")).toBeVisible();
});

test("a backend that never answers is given up on", async ({ openAs, page }) => {
  await page.route("**/v1/me", () => {});
  await openAs("active");
  await expect(page.getByTestId("member-card")).toContainText("连不上网络", { timeout: 12_000 });
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("offline, what is on screen stays, is marked as old, and can still be narrowed", async ({ openAs, page, expectError }) => {
  expectError(NO_NETWORK);
  await openAs("active");
  await expect(page.getByTestId("shop-row")).toHaveCount(24);
  await page.context().setOffline(true);
  await expect(page.getByTestId("offline-note")).toBeVisible();
  await expect(page.locator(".nearby-shops__note:not(:empty)")).toHaveText(/^这份列表是 \d+月\d+日 \d\d:\d\d 的$/);
  await expect(page.getByTestId("shop-row")).toHaveCount(24);
  await page.getByTestId("shop-search").fill("手冲");
  await expect(page.getByTestId("shop-row")).toHaveCount(1);
  await page.context().setOffline(false);
  await expect(page.getByTestId("offline-note")).toHaveCount(0);
  await expect(page.locator(".nearby-shops__note:not(:empty)")).toHaveCount(0);
});

test("a code that cannot be had says why and comes by itself once it can", async ({ openAs, page, expectError }) => {
  expectError(ABORTED);
  let broken = true;
  let tries = 0;
  await page.route("**/v1/credentials", (route) => ((tries += 1), broken ? route.abort() : route.continue()));
  await openAs("active");
  await page.getByTestId("code-open").click();
  const sheet = page.getByTestId("code-sheet");
  // An opened sheet also requests the member's state. After that answer the page tries once more by itself.
  await expect.poll(() => tries).toBe(2);
  await expect(sheet).toContainText("第一次出示会员码要联网");
  broken = false;
  await expect(sheet.getByTestId("code-qr")).toBeVisible({ timeout: 12_000 });
});

test("an ended programme's code address says that codes no longer work", async ({ openAs }) => {
  const page = await openAs("refund-processing", "/#code");
  await expect(page.getByTestId("code-sheet")).toContainText("会员计划已结束");
});

test("a code sheet opened while the member is unknown recovers by itself", async ({ openAs, page, expectError }) => {
  expectError(ABORTED);
  let broken = true;
  await page.route("**/v1/me", (route) => (broken ? route.abort() : route.continue()));
  await openAs("active", "/#code");
  const sheet = page.getByTestId("code-sheet");
  await expect(sheet).toContainText("第一次出示会员码要联网");
  broken = false;
  await expect(sheet.getByTestId("code-qr")).toBeVisible({ timeout: 12_000 });
});

test("without a card the code sheet says so", async ({ openAs }) => {
  const page = await openAs("none", "/#code");
  await expect(page.getByTestId("code-sheet")).toContainText("还没有会员卡");
});

test("a browser whose storage never answers still shows a code", async ({ openAs, page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest;
  });
  await openAs("active", "/#code");
  await expect(page.getByTestId("code-qr")).toBeVisible();
});

test("who was signed out is told to sign in, and sees the card no more", async ({ openAs, page, expectError }) => {
  expectError(answered(401));
  await openAs("active");
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await page.context().clearCookies();
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(page.getByTestId("member-card")).toContainText("还没有登录");
});

test("a page whose code does not arrive says so", async ({ page, expectError }) => {
  for (const error of [ABORTED, /^uncaught: Failed to fetch$/]) expectError(error);
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto("/demo/active");
  await expect(page.getByRole("alert")).toContainText("会员卡没能打开");
});
