// After one visit the page opens without network, with card, code and the last list, and the code redeems.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { Server } from "../support/server.ts";
import { NO_NETWORK, expect, showCode, shownDigits, test } from "../support/test.ts";

test.use({ expectedErrors: NO_NETWORK });

const SHOP = "sh-wutongli-coffee";

/** Waits until the device has the page's files and the credential. */
async function visit(page: Page): Promise<void> {
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}

test("offline, a reload shows card, code and list, says since when, and the code redeems", async ({ server, openAs, page }) => {
  await openAs("active");
  await visit(page);
  const before = await showCode(page);
  const rows = await page.getByTestId("shop-row").count();
  await page.context().setOffline(true);
  await page.goto("/");
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await expect(page.getByTestId("payoff")).toBeVisible();
  await expect(page.getByTestId("shop-row")).toHaveCount(rows);
  await expect(page.getByTestId("offline-note")).toHaveText(/^\d+月\d+日 \d\d:\d\d 起离线/);

  const digits = await showCode(page);
  expect(digits.slice(0, 12)).toBe(before.slice(0, 12));
  await expect(page.getByTestId("code-sheet")).toContainText("离线中，会员码照常可用");
  const till = await server.terminal(SHOP);
  expect((await server.redeem(till, await shownDigits(page), 3_000)).status).toBe(201);
  await page.context().setOffline(false);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(page.getByTestId("code-sheet")).not.toContainText("离线中");
});

test("a first visit without opening the code is enough for a card that no device has yet", async ({ browser }) => {
  // On this server nobody has enrolled.
  const server = await Server.start();
  const context = await browser.newContext({ baseURL: server.origin, locale: "zh-CN" });
  const page = await context.newPage();
  await context.request.get("/demo/active");
  const enrolled = page.waitForResponse((response) => response.url().endsWith("/v1/credentials"));
  await page.goto("/");
  await enrolled;
  await visit(page);
  await context.setOffline(true);
  await page.goto("/#code");
  await shownDigits(page);
  await context.close();
  await server.stop();
});

test("the shop of a sticker is known offline from the last list, with its own way", async ({ openAs, page }) => {
  await openAs("active");
  await visit(page);
  await showCode(page);
  await page.context().setOffline(true);
  await page.goto("/?shop=sh-laozaojian-noodles");
  await expect(page.getByTestId("code-sheet")).toContainText("老灶间面馆");
  await shownDigits(page);
});

test("after more hours offline than the server allows there is no code, and the page says what to do", async ({ openAs, page }) => {
  await openAs("active");
  await visit(page);
  await showCode(page);
  await page.keyboard.press("Escape");
  await page.context().setOffline(true);
  // The last answer is now 73 hours old by both of the phone's clocks.
  await page.evaluate(() => {
    const hours = 73 * 3_600_000;
    const me = JSON.parse(localStorage.getItem("last-me") ?? "{}");
    me.serverTime -= hours;
    localStorage.setItem("last-me", JSON.stringify(me));
  });
  await page.goto("/#code");
  await page.reload();
  const sheet = page.getByTestId("code-sheet");
  await expect(sheet).toContainText("太久没有联网");
  await expect(page.getByTestId("code-qr")).toHaveCount(0);
  await sheet.getByRole("button", { name: "重试" }).click();
  await expect(sheet).toContainText("太久没有联网");
  await page.context().setOffline(false);
  await shownDigits(page);
});

test("answers of the backend are not in the service worker's cache, and the staff's page is not served from it", async ({ openAs, page }) => {
  await openAs("active");
  await visit(page);
  const kept = await page.evaluate(async () => {
    const urls: string[] = [];
    for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) urls.push(new URL(request.url).pathname);
    return urls;
  });
  expect(kept).toContain("/");
  expect(kept.filter((path) => /^\/(v1|R|r|demo)\b/.test(path))).toEqual([]);
  const answer = await page.goto("/R/66000000000000000000");
  expect(answer?.fromServiceWorker()).toBe(false);
});

const root = resolve(import.meta.dirname, "../../..");

/** A copy of the built page. */
function copyOfSite(): string {
  const site = mkdtempSync(join(tmpdir(), "member-page-site-"));
  cpSync(join(root, "dist"), site, { recursive: true });
  return site;
}

/** Replaces the build with another, whose wasm has other content and thus another name. Returns both names. */
function rebuild(site: string, mark: string): { before: string; now: string } {
  const before = readdirSync(site).find((file) => /^member-page-\w+\.wasm$/.test(file)) ?? "";
  // A custom section: its id, its length, the length of its name, and the name.
  const section = Buffer.concat([Buffer.from([0, mark.length + 1, mark.length]), Buffer.from(mark)]);
  const wasm = Buffer.concat([readFileSync(join(site, before)), section]);
  const now = `member-page-${createHash("sha256").update(wasm).digest("hex").slice(0, 16)}.wasm`;
  for (const suffix of ["", ".br", ".gz"]) rmSync(join(site, before + suffix));
  writeFileSync(join(site, now), wasm);
  const html = readFileSync(join(site, "index.html"), "utf8");
  writeFileSync(join(site, "index.html"), html.replaceAll(before, now).replace("</style>", `:root{--build:${mark}}</style>`));
  execFileSync("node", [join(root, "tools/page/seal.mjs"), site]);
  return { before, now };
}

const build = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--build").trim());

/** Notes when another version takes control. Call it before that version exists: browsers also update by themselves. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const taken = new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
    Object.assign(window, { taken });
  });
}

/** Makes the browser look for a new version, and waits until it has taken control since `watch`. */
async function update(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    await (window as unknown as { taken: Promise<void> }).taken;
    // It takes control before it has deleted the old caches.
    while (registration.active?.state !== "activated") {
      await new Promise((changed) => registration.active?.addEventListener("statechange", changed, { once: true }));
    }
  });
}

test("a new version takes over beside an open page of the old one, whose files stay until the next", async ({ browser }) => {
  // Compresses three builds of the site.
  test.slow();
  const site = copyOfSite();
  const server = await Server.start("--site", site);
  try {
    await updates(await browser.newContext({ baseURL: server.origin, locale: "zh-CN" }), site);
  } finally {
    await server.stop();
    rmSync(site, { recursive: true });
  }
});

async function updates(context: BrowserContext, site: string): Promise<void> {
  const page = await context.newPage();
  await context.request.get("/demo/active");
  await page.goto("/");
  await visit(page);
  // The worker must keep the caches of others on this origin.
  await page.evaluate(() => caches.open("of-somebody-else"));

  await watch(page);
  const first = rebuild(site, "second");
  await update(page);
  // The open page goes on. The files it may still request are cached, although the server no longer has them.
  expect(await build(page)).toBe("");
  await showCode(page);
  // Not from the HTTP cache, which keeps them for a year.
  const status = (file: string) => page.evaluate(async (path) => (await fetch(path, { cache: "no-store" })).status, `/${file}`);
  expect((await context.request.get(`/${first.before}`)).status()).toBe(404);
  expect(await status(first.before)).toBe(200);

  // A page opened later is the new version, also without network and by the shortcut to the code.
  await context.setOffline(true);
  await page.goto("about:blank");
  await page.goto("/#code");
  await shownDigits(page);
  expect(await build(page)).toBe("second");
  await context.setOffline(false);

  await watch(page);
  const second = rebuild(site, "third");
  await update(page);
  expect(await build(page)).toBe("second");
  const kept = () => page.evaluate(() => caches.keys());
  expect((await kept()).filter((name) => name.startsWith("member-page-"))).toHaveLength(2);
  expect(await kept()).toContain("of-somebody-else");
  expect(await status(second.before)).toBe(200);
  expect(await status(first.before)).toBe(404);

  // A version with a missing file is not installed: the previous one stays.
  const third = rebuild(site, "fourth");
  for (const suffix of ["", ".br", ".gz"]) rmSync(join(site, third.now + suffix));
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const found = new Promise<ServiceWorker | null>((done) => {
      registration.addEventListener("updatefound", () => done(registration.installing), { once: true });
    });
    await registration.update().catch(() => undefined);
    const worker = await found;
    if (worker && worker.state !== "redundant") {
      await new Promise<void>((done) => {
        worker.addEventListener("statechange", () => worker.state === "redundant" && done());
      });
    }
  });
  await page.reload();
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  expect(await build(page)).toBe("third");

  await context.close();
}
