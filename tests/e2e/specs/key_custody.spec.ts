// The credential's key is in WebCrypto, non-extractable, and nowhere else. A card has one active device.
import type { Browser, Page } from "@playwright/test";
import { Server } from "../support/server.ts";
import { answered, expect, idle, showCode, shownDigits, test } from "../support/test.ts";

const SHOP = "sh-wutongli-coffee";

/** Everything that a script on the page, or a copy of the browser's profile, could read: as one text. */
async function everythingReadable(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found: unknown[] = [location.href, document.cookie, document.documentElement.outerHTML, history.state];
    for (const storage of [localStorage, sessionStorage]) found.push(Object.entries(storage));
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((done, failed) => {
        const request = indexedDB.open(name ?? "");
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
      for (const store of database.objectStoreNames) {
        const values = await new Promise<unknown[]>((done, failed) => {
          const request = database.transaction(store).objectStore(store).getAll();
          request.onsuccess = () => done(request.result);
          request.onerror = () => failed(request.error);
        });
        for (const value of values) found.push(await readable(value));
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        found.push(request.url);
        const type = (await cache.match(request))?.headers.get("content-type") ?? "";
        if (!type.includes("wasm")) found.push(await (await cache.match(request))?.text());
      }
    }
    // The whole memory of the wasm instance, byte by byte as Latin-1.
    for (const memory of (window as unknown as { memories: WebAssembly.Memory[] }).memories) {
      const bytes = new Uint8Array(memory.buffer);
      for (let at = 0; at < bytes.length; at += 65_536) found.push(String.fromCharCode(...bytes.subarray(at, at + 65_536)));
    }
    return found.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join("\n");

    // Tries to export a key in every format.
    async function readable(value: unknown): Promise<unknown> {
      if (value instanceof CryptoKey) {
        const exports = await Promise.all(
          (["raw", "jwk"] as const).map((format) => crypto.subtle.exportKey(format, value).then(
            (key) => (key instanceof ArrayBuffer ? String.fromCharCode(...new Uint8Array(key)) : key),
            () => "refused",
          )),
        );
        return [value.extractable, value.usages, exports];
      }
      if (value && typeof value === "object") {
        return Promise.all(Object.entries(value).map(async ([name, part]) => [name, await readable(part)]));
      }
      return value;
    }
  });
}

/** How many credentials the device stores. */
async function storedCredentials(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((done) => {
      const request = indexedDB.open("member-page");
      request.onsuccess = () => done(request.result);
    });
    const count = await new Promise<number>((done) => {
      const request = database.transaction("credential").objectStore("credential").count();
      request.onsuccess = () => done(request.result);
    });
    database.close();
    return count;
  });
}

/** The number of the credential in the stored answer about the member. */
async function storedNumber(page: Page): Promise<string | undefined> {
  return page.evaluate(() => (JSON.parse(localStorage.getItem("last-me") ?? "{}") as { credential?: { number?: string } }).credential?.number);
}

/** The number of the card's active credential, from the server. */
async function activeNumber(page: Page): Promise<string | undefined> {
  const me = (await (await page.context().request.get("/v1/me")).json()) as { credential: { number?: string } };
  return me.credential.number;
}

test("no code can be made from anything the page keeps", async ({ openAs, page }) => {
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  const requests: string[] = [];
  page.on("request", (request) => requests.push(`${request.url()} ${request.postData() ?? ""}`));
  await page.addInitScript(() => {
    const memories: WebAssembly.Memory[] = [];
    // The memory when the key goes into WebCrypto. Freed memory is overwritten later.
    const atImport: string[] = [];
    Object.assign(window, { memories, atImport });
    const importKey = SubtleCrypto.prototype.importKey as (...all: unknown[]) => Promise<CryptoKey>;
    SubtleCrypto.prototype.importKey = function (this: SubtleCrypto, ...all: unknown[]) {
      for (const { buffer } of memories) atImport.push(new TextDecoder("latin1").decode(buffer.slice(0)));
      return importKey.apply(this, all);
    } as typeof SubtleCrypto.prototype.importKey;
    for (const name of ["instantiate", "instantiateStreaming"] as const) {
      const original = WebAssembly[name] as (...all: unknown[]) => Promise<WebAssembly.Instance | { instance: WebAssembly.Instance }>;
      Object.assign(WebAssembly, {
        [name]: async (...all: unknown[]) => {
          const result = await original(...all);
          // For a compiled module, the result is the instance alone. The second module has no memory of its own.
          const { memory } = ("instance" in result ? result.instance : result).exports;
          if (memory instanceof WebAssembly.Memory) memories.push(memory);
          return result;
        },
      });
    }
  });
  const enrolment = page.waitForResponse((response) => response.url().endsWith("/v1/credentials"));
  await openAs("active");
  const digits = await showCode(page);
  const answer = (await (await enrolment).json()) as { key: { k: string } };
  const key = Buffer.from(answer.key.k, "base64url");
  expect(key).toHaveLength(32);
  // The credential is stored, and the answer about the member after it too: nothing more is written.
  await expect.poll(() => storedNumber(page)).toBe(digits.slice(2, 12));
  await expect.poll(() => storedCredentials(page)).toBe(1);
  await idle(page);

  const atImport = await page.evaluate(() => (window as unknown as { atImport: string[] }).atImport.join(""));
  expect(atImport.length).toBeGreaterThan(1_000_000);
  const readable = await everythingReadable(page);
  // The search finds data that is there: the public number, and the refusals to export the key.
  expect(readable).toContain(digits.slice(2, 12));
  expect(readable).toContain('[false,["sign"],["refused","refused"]]');
  for (const haystack of [atImport, readable, said.join("\n"), requests.join("\n")]) {
    for (const form of [answer.key.k, key.toString("base64"), key.toString("hex"), key.toString("latin1")]) {
      expect(haystack.includes(form), "the key in some form").toBe(false);
      // Half of the key would be a leak too.
      expect(haystack.includes(form.slice(0, form.length / 2)), "half of the key").toBe(false);
    }
  }
});

async function another(browser: Browser, origin: string, persona: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: origin, viewport: { width: 390, height: 844 }, locale: "zh-CN" });
  const page = await context.newPage();
  await context.request.get(`/demo/${persona}`);
  await page.goto("/");
  return page;
}

test("a second device takes the codes over; the first says so and offers to take them back", async ({ browser, server, openAs, page }) => {
  await openAs("active");
  const first = await showCode(page);
  const second = await another(browser, server.origin, "active");
  // Opening the page on a second device takes nothing away. The list comes after the decision about codes.
  await expect(second.getByTestId("member-status")).toHaveText("有效");
  await expect(second.getByTestId("shop-row").first()).toBeVisible();
  await idle(second);
  expect(await activeNumber(page)).toBe(first.slice(2, 12));
  await expect(page.getByTestId("code-qr")).toBeVisible();

  await showCode(second);
  const sheet = page.getByTestId("code-sheet");
  await expect(sheet).toContainText("会员码已换到您的另一台设备");
  await expect(page.getByTestId("code-qr")).toHaveCount(0);
  const till = await server.terminal(SHOP);
  expect((await server.redeem(till, await shownDigits(second), 2_000)).status).toBe(201);

  // Every open sheet of the member shows the redemption.
  await sheet.getByRole("button", { name: "再出示一个码" }).click();
  await sheet.getByRole("button", { name: "改用这台设备" }).click();
  await shownDigits(page);
  await second.getByTestId("code-sheet").getByRole("button", { name: "再出示一个码" }).click();
  await expect(second.getByTestId("code-sheet")).toContainText("会员码已换到您的另一台设备");
  expect((await server.redeem(till, await shownDigits(page), 2_000)).status).toBe(201);
  await second.context().close();
});

test("a device that was taken over asks also after a reload, and never takes the codes back by itself", async ({ openAs, page }) => {
  await openAs("active");
  await showCode(page);
  expect((await page.context().request.post("/v1/credentials")).status()).toBe(201);
  await expect(page.getByTestId("code-sheet")).toContainText("会员码已换到您的另一台设备");
  const enrolments: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") enrolments.push(request.url());
  });
  await page.reload();
  await page.goto("/#code");
  await page.reload();
  await expect(page.getByTestId("code-sheet")).toContainText("会员码已换到您的另一台设备");
  expect(enrolments).toEqual([]);
});

test("whoever is signed out leaves no card, no list and no key behind", async ({ openAs, page, expectError }) => {
  expectError(answered(401));
  await openAs("active");
  await showCode(page);
  await page.context().clearCookies();
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(page.getByTestId("member-card")).toContainText("还没有登录");
  await expect.poll(() => storedCredentials(page)).toBe(0);
  expect(await page.evaluate(() => localStorage.getItem("last-me"))).toBeNull();
});

/** Waits until the page has looked up its credential: the browser answers requests of IndexedDB in order. */
async function lookedUp(page: Page): Promise<void> {
  await idle(page);
  await page.evaluate(() => indexedDB.databases());
  await idle(page);
}

test("what was kept of an earlier visit takes the codes from nobody", async ({ browser }) => {
  // On this server nobody has enrolled.
  const server = await Server.start();
  const context = await browser.newContext({ baseURL: server.origin, locale: "zh-CN" });
  const page = await context.newPage();
  // No enrolment of this page reaches the server. Each try is counted below.
  await page.route("**/v1/credentials", (route) => route.abort());
  await context.request.get("/demo/active");
  const tried = page.waitForRequest("**/v1/credentials");
  await page.goto("/");
  await tried;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/v1/me", async (route) => {
    await released;
    // A document that is gone has cancelled its request.
    await route.continue().catch(() => undefined);
  });
  // Meanwhile another device enrols. This page does not learn of it.
  expect((await context.request.post("/v1/credentials")).status()).toBe(201);
  const other = await activeNumber(page);
  const enrolments: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") enrolments.push(request.url());
  });
  await page.reload();
  // By the stored state, no device has a credential. The page looks for one of its own and finds none.
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  expect(await storedNumber(page)).toBeUndefined();
  await lookedUp(page);
  expect(enrolments).toEqual([]);
  release();
  // The page has the true state, and has looked for its own credential.
  await expect.poll(() => storedNumber(page)).toBe(other);
  await lookedUp(page);
  expect(enrolments).toEqual([]);
  await context.close();
  await server.stop();
});
