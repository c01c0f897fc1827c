// The credential's key: in WebCrypto, non-extractable, and nowhere else. One device of a card at a time.
import type { Browser, Page } from "@playwright/test";
import { Server } from "../support/server.ts";
import { codeWithSecondsLeft, expect, showCode, shownDigits, test } from "../support/test.ts";

test.use({ expectedErrors: /status of 401|ERR_FAILED/ });

const SHOP = "sh-wutongli-coffee";

/** Everything a script on the page, or whoever copies the profile, could read: as one text. */
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

    // A key is exported in every way there is; what cannot be exported has no bytes to show.
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

test("no code can be made from anything the page keeps", async ({ openAs, page }) => {
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  const requests: string[] = [];
  page.on("request", (request) => requests.push(`${request.url()} ${request.postData() ?? ""}`));
  await page.addInitScript(() => {
    const memories: WebAssembly.Memory[] = [];
    // The memory as it is when the key goes into WebCrypto: later what was given back is written over.
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
          // Of a module that is compiled already the instance alone is given. The second has no memory of its own.
          const { memory } = ("instance" in result ? result.instance : result).exports;
          if (memory instanceof WebAssembly.Memory) memories.push(memory);
          return result;
        },
      });
    }
  });
  // The persona may have a device from another test: the answer is wanted whichever way it comes.
  const enrolment = page.waitForResponse((response) => response.url().endsWith("/v1/credentials"));
  await openAs("active");
  const digits = await showCode(page);
  const answer = (await (await enrolment).json()) as { key: { k: string } };
  const key = Buffer.from(answer.key.k, "base64url");
  expect(key).toHaveLength(32);
  // Long enough for a code or two to be made, and for what was on its way to be written.
  await page.waitForTimeout(1_500);

  const atImport = await page.evaluate(() => (window as unknown as { atImport: string[] }).atImport.join(""));
  expect(atImport.length).toBeGreaterThan(1_000_000);
  const readable = await everythingReadable(page);
  // The search does find what is there: the number, which is public, and the key's refusals.
  expect(readable).toContain(digits.slice(2, 12));
  expect(readable).toContain('[false,["sign"],["refused","refused"]]');
  for (const haystack of [atImport, readable, said.join("\n"), requests.join("\n")]) {
    for (const form of [answer.key.k, key.toString("base64"), key.toString("hex"), key.toString("latin1")]) {
      expect(haystack.includes(form), "the key in some form").toBe(false);
      // Nor a half of it.
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
  await showCode(page);
  const second = await another(browser, server.origin, "active");
  await expect(second.getByTestId("member-status")).toHaveText("有效");
  // Opening the page on a second device takes nothing away.
  await second.waitForTimeout(500);
  await expect(page.getByTestId("code-qr")).toBeVisible();

  await showCode(second);
  const sheet = page.getByTestId("code-sheet");
  await expect(sheet).toContainText("会员码已换到您的另一台设备");
  await expect(page.getByTestId("code-qr")).toHaveCount(0);
  const till = await server.terminal(SHOP);
  expect((await server.redeem(till, await codeWithSecondsLeft(second, 5), 2_000)).status).toBe(201);

  // What was redeemed is the member's news on every open sheet.
  await sheet.getByRole("button", { name: "再出示一个码" }).click();
  await sheet.getByRole("button", { name: "改用这台设备" }).click();
  await shownDigits(page);
  await second.getByTestId("code-sheet").getByRole("button", { name: "再出示一个码" }).click();
  await expect(second.getByTestId("code-sheet")).toContainText("会员码已换到您的另一台设备");
  expect((await server.redeem(till, await codeWithSecondsLeft(page, 5), 2_000)).status).toBe(201);
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

test("whoever is signed out leaves no card, no list and no key behind", async ({ openAs, page }) => {
  await openAs("active");
  await showCode(page);
  await page.context().clearCookies();
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(page.getByTestId("member-card")).toContainText("请先登录");
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const database = await new Promise<IDBDatabase>((done) => {
          const request = indexedDB.open("member-page");
          request.onsuccess = () => done(request.result);
        });
        const credentials = await new Promise<unknown[]>((done) => {
          const request = database.transaction("credential").objectStore("credential").getAll();
          request.onsuccess = () => done(request.result);
        });
        database.close();
        return [credentials.length, localStorage.getItem("last-me")];
      }),
    )
    .toEqual([0, null]);
});

test("what was kept of an earlier visit takes the codes from nobody", async ({ browser }) => {
  // A server of its own, where nobody has enrolled.
  const server = await Server.start();
  const context = await browser.newContext({ baseURL: server.origin, locale: "zh-CN" });
  const page = await context.newPage();
  await page.route("**/v1/credentials", (route) => route.abort());
  await context.request.get("/demo/active");
  const tried = page.waitForRequest("**/v1/credentials");
  await page.goto("/");
  await tried;
  await page.unroute("**/v1/credentials");
  // Meanwhile another device enrols.
  expect((await context.request.post("/v1/credentials")).status()).toBe(201);
  const enrolments: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") enrolments.push(request.url());
  });
  await page.route("**/v1/me", async (route) => {
    await new Promise((done) => setTimeout(done, 1_000));
    await route.continue();
  });
  await page.reload();
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await page.waitForTimeout(2_000);
  expect(enrolments).toEqual([]);
  await context.close();
  await server.stop();
});
