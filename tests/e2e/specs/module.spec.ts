// The page as a module in a host app on another origin: mounting and unmounting, options, tokens, events.
import { expect, heard, mount, test } from "../support/host.ts";
import { ABORTED, answered, shownDigits } from "../support/test.ts";

test("a host on another origin shows the card by a bearer token, and no cookie is needed", async ({ page, host, backend, token }) => {
  await host.open(page);
  await mount(page, backend.origin, token, { locale: "en" });
  await expect(page.getByTestId("member-card")).toContainText("6601");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  expect(await page.context().cookies()).toEqual([]);
  expect(await heard(page, "ready")).toHaveLength(1);
  await expect(page.getByTestId("code-open")).toHaveText("Show my code");
});

test("a code redeemed at a till is told to the page through the stream, and to the host", async ({ page, host, backend, token }) => {
  await host.open(page);
  await mount(page, backend.origin, token, { sheet: "code" });
  const digits = await shownDigits(page);
  expect(await heard(page, "code-shown")).toHaveLength(1);
  expect((await backend.redeem(await backend.terminal("sh-wutongli-coffee"), digits, 12_000)).status).toBe(201);
  await expect(page.getByTestId("code-result")).toBeVisible();
  const [redeemed] = await heard(page, "redeemed");
  expect(redeemed?.detail).toMatchObject({ shopId: "sh-wutongli-coffee", savedFen: expect.any(Number), redeemedAt: expect.any(Number) });
  expect(await page.evaluate(() => window.pages[0]!.back())).toBe(true);
  await expect(page.getByTestId("code-sheet")).toHaveCount(0);
  expect(await heard(page, "code-hidden")).toHaveLength(1);
  expect(await page.evaluate(() => window.pages[0]!.back())).toBe(false);
  // No event contains a code, a key or the token.
  const said = JSON.stringify(await page.evaluate(() => window.heard));
  expect(said).not.toContain(token);
  expect(said).not.toMatch(/\d{20}/);
});

test("options change while mounted: language, theme, tokens, city, place, features, shop", async ({ page, host, backend, token }) => {
  await host.open(page);
  await mount(page, backend.origin, token, { locale: "zh-Hans" });
  const card = page.getByTestId("member-card");
  await expect(card).toContainText("有效");
  const update = (options: object) => page.evaluate((options) => window.pages[0]!.update(options), options);

  await update({ locale: "en" });
  await expect(card).toContainText("Active");
  await update({ locale: "zh-TW" });
  await expect(page.getByTestId("code-open")).toContainText("出示會員");

  const paper = () => page.evaluate(() => getComputedStyle(document.querySelector("[data-member-page]")!).getPropertyValue("--paper").trim());
  await update({ theme: "dark" });
  expect(await paper()).toBe("#141210");
  await update({ theme: "light", tokens: { paper: "rgb(1, 2, 3)", "radius-card": "4px" } });
  expect(await paper()).toBe("rgb(1, 2, 3)");
  await update({ tokens: {} });
  expect(await paper()).toBe("#f7f4ef");

  await update({ locale: "en", city: "hangzhou" });
  await expect(page.getByTestId("city-choice").or(page.locator("select").first())).toHaveValue("hangzhou");
  await update({ place: { lat: 30.2592, lng: 120.1302, coordSystem: "gcj02", accuracyMetres: 20 } });
  await expect(page.getByTestId("shop-row").first()).toContainText(/\d (m|km)/);

  await update({ features: { events: false, shops: false } });
  await expect(page.getByTestId("shop-list")).toHaveCount(0);
  await expect(page.locator(".member-events")).toHaveCount(0);
  await update({ features: { shops: true } });
  await expect(page.getByTestId("shop-list")).toHaveCount(1);

  await update({ shop: "sh-wutongli-coffee" });
  await expect(page.getByTestId("code-sheet")).toContainText("梧桐里");
});

test("a wrong option is refused by its name, and nothing is mounted or changed", async ({ page, host, backend, token }) => {
  await host.open(page);
  const wrong: [string, object][] = [
    ["options", [] as object],
    ["colour", { colour: "red" }],
    ["apiBase", { apiBase: 5 }],
    ["apiBase", { apiBase: "javascript:alert(1)" }],
    ["apiBase", { apiBase: "http://card.example" }],
    ["apiBase", { apiBase: "https://card.example/?x=1" }],
    ["apiBase", { apiBase: "card.example" }],
    ["apiBase", { apiBase: "//card.example" }],
    ["apiBase", { apiBase: "" }],
    ["pageUrl", { pageUrl: "data:text/html,x" }],
    ["pageUrl", { pageUrl: "https://card.example/#code" }],
    ["storageKey", { storageKey: "a b" }],
    ["getToken", { getToken: "secret" }],
    ["locale", { locale: "klingon" }],
    ["theme", { theme: "sepia" }],
    ["tokens.paper", { tokens: { paper: "url(https://evil.example)" } }],
    ["tokens.paper", { tokens: { paper: "red; --ink: red" } }],
    ["tokens.font", { tokens: { font: 12 } }],
    ["tokens.nose", { tokens: { nose: "red" } }],
    ["city", { city: "paris" }],
    ["place.lat", { place: { lng: 1, coordSystem: "wgs84" } }],
    ["place.lat", { place: { lat: 91, lng: 1, coordSystem: "wgs84" } }],
    ["place.lng", { place: { lat: 1, lng: Number.NaN, coordSystem: "wgs84" } }],
    ["place.coordSystem", { place: { lat: 1, lng: 1 } }],
    ["place.coordSystem", { place: { lat: 1, lng: 1, coordSystem: "mercator" } }],
    ["place.accuracyMetres", { place: { lat: 1, lng: 1, coordSystem: "wgs84", accuracyMetres: -1 } }],
    ["features.maps", { features: { maps: true } }],
    ["features.shops", { features: { shops: "yes" } }],
    ["shop", { shop: "" }],
    ["sheet", { sheet: "door" }],
  ];
  for (const [field, options] of wrong) {
    const thrown = await page.evaluate(async (options) => {
      const page = window.memberPage.mount(document.querySelector("#other")!, options);
      return page.then(() => null).catch((error: Error & { field?: string }) => ({ name: error.name, field: error.field, message: error.message }));
    }, options);
    expect.soft(thrown, JSON.stringify(options)).toMatchObject({ name: "TypeError", field });
    expect.soft(thrown?.message).toContain(`'${field}'`);
  }
  expect(await page.locator("#other").innerHTML()).toBe("");
  expect((await heard(page, "error")).length).toBe(wrong.length);

  await mount(page, backend.origin, token, { locale: "en" });
  for (const [field, options] of [["theme", { locale: "zh-Hans", theme: "sepia" }], ["apiBase", { apiBase: "https://other.example" }]] as const) {
    const thrown = await page.evaluate((options) => {
      try {
        window.pages[0]!.update(options as never);
        return null;
      } catch (error) {
        return (error as { field?: string }).field;
      }
    }, options);
    expect(thrown).toBe(field);
  }
  await expect(page.getByTestId("member-card")).toContainText("Active");
  const getter = await page.evaluate(() => {
    const options = { get theme(): never { throw new Error("no"); } };
    return window.memberPage.mount(document.querySelector("#other")!, options).catch((error: { field?: string }) => error.field);
  });
  expect(getter).toBe("theme");
});

test("what a host wants to be open is what is open, and nothing lies beneath it unseen", async ({ page, host, backend, token }) => {
  await host.open(page);
  await mount(page, backend.origin, token, { locale: "en" });
  const update = (options: object) => page.evaluate((options) => window.pages[0]!.update(options), options);
  await page.getByTestId("savings-open").click();
  await expect(page.getByTestId("savings-sheet")).toBeVisible();
  await update({ sheet: "none" });
  await expect(page.getByTestId("savings-sheet")).toHaveCount(0);
  expect(await page.evaluate(() => window.pages[0]!.back())).toBe(false);
  await update({ sheet: "code" });
  await update({ shop: "sh-wutongli-coffee" });
  await expect(page.getByTestId("code-sheet")).toHaveCount(1);
  await expect(page.getByTestId("code-sheet")).toContainText("梧桐里");
  expect(await page.evaluate(() => window.pages[0]!.back())).toBe(true);
  await expect(page.getByTestId("code-sheet")).toHaveCount(0);
});

test("a redemption is told to the host although the sheet is closed by then", async ({ page, host, backend, token }) => {
  await host.open(page);
  await mount(page, backend.origin, token, { sheet: "code" });
  const digits = await shownDigits(page);
  expect(await page.evaluate(() => window.pages[0]!.back())).toBe(true);
  await expect(page.getByTestId("code-sheet")).toHaveCount(0);
  expect((await backend.redeem(await backend.terminal("sh-wutongli-coffee"), digits, 9_900)).status).toBe(201);
  await expect.poll(() => heard(page, "redeemed")).toHaveLength(1);
});

test("forgotten, the device holds nothing of the member any more", async ({ page, host, backend, token }) => {
  await host.open(page);
  await page.evaluate(() => localStorage.setItem("the host's own", "stays"));
  await mount(page, backend.origin, token, { sheet: "code", storageKey: "user-7" });
  await expect(page.getByTestId("code-digits")).toHaveText(/^\d{4}( \d{4}){4}$/);
  const held = () =>
    page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((opened) => {
        const request = indexedDB.open("member-page");
        request.onsuccess = () => opened(request.result);
      });
      const keys = await new Promise<IDBValidKey[]>((found) => {
        const request = database.transaction("credential").objectStore("credential").getAllKeys();
        request.onsuccess = () => found(request.result);
      });
      database.close();
      return { names: Object.keys(localStorage).filter((name) => name.startsWith("member-page user-7 ")).length, credentials: keys.length };
    });
  await expect.poll(held).toMatchObject({ names: expect.any(Number), credentials: 1 });
  expect((await held()).names).toBeGreaterThan(0);
  await page.evaluate(() => window.pages[0]!.forget());
  await expect(page.locator("#card")).toBeEmpty();
  expect(await held()).toEqual({ names: 0, credentials: 0 });
  expect(await page.evaluate(() => localStorage.getItem("the host's own"))).toBe("stays");
});

test("the types name exactly the options that the page takes", async ({ page, host }) => {
  await host.open(page);
  const message = await page.evaluate(() =>
    window.memberPage.mount(document.querySelector("#other")!, { nonsense: 1 } as never).then(() => "").catch((error: Error) => error.message),
  );
  const taken = /there are (.*)$/.exec(message)?.[1]?.split(", ").sort();
  const { readFileSync } = await import("node:fs");
  const types = readFileSync(new URL("../../../src/module/member-page.d.ts", import.meta.url), "utf8");
  const [, body] = /export interface Options \{([^]*?)\n\}/.exec(types)!;
  const typed = [...body!.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name).sort();
  expect(taken).toEqual(typed);
});

test.describe("tokens", () => {
  test.use({ expectedErrors: answered(401) });

  test("a refused token is asked for once more, and the fresh one counts", async ({ page, host, backend, token }) => {
    await host.open(page);
    await page.evaluate(
      ([apiBase, token]) => {
        const asked: boolean[] = [];
        Object.assign(window, { asked });
        window.memberPage.mount(document.querySelector("#card")!, {
          apiBase,
          getToken: ({ rejected }) => {
            asked.push(rejected);
            return rejected ? token : "expired";
          },
        });
      },
      [backend.origin, token] as const,
    );
    await expect(page.getByTestId("member-card")).toContainText("6601");
    const asked = await page.evaluate(() => (window as unknown as { asked: boolean[] }).asked);
    expect(asked).toContain(true);
    expect(await heard(page, "sign-in-needed")).toEqual([]);
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    expect(kept).not.toContain(token);
    expect(kept).not.toContain("expired");
  });

  test("nobody signed in, or a token refused twice: the host is told, and signing in is enough", async ({ page, host, backend, token }) => {
    await host.open(page);
    for (const [index, given] of [null, "refused"].entries()) {
      await page.evaluate(
        ([apiBase, given, index]) => {
          Object.assign(window, { given });
          const options = { apiBase, storageKey: `t${index}`, getToken: async () => (window as unknown as { given: string | null }).given };
          window.pages.push(window.memberPage.mount(document.querySelector("#card")!, options));
        },
        [backend.origin, given, index] as const,
      );
      await expect.poll(() => heard(page, "sign-in-needed")).toHaveLength(index + 1);
      await page.evaluate((token) => {
        Object.assign(window, { given: token });
        window.pages.at(-1)!.refresh();
      }, token);
      await expect(page.getByTestId("member-card")).toContainText("6601");
      await page.evaluate(() => window.pages.at(-1)!.unmount());
    }
  });
});

for (const [name, source, kind] of [
  ["throws", "() => { throw new Error('secret words') }", "token-failed"],
  ["is rejected", "async () => { throw new Error('secret words') }", "token-failed"],
  ["gives nonsense", "() => ({ token: 1 })", "token-invalid"],
  ["gives a header of its own", "() => 'x\\r\\nX-Evil: 1'", "token-invalid"],
  ["never returns", "() => new Promise(() => {})", "token-timeout"],
] as const) {
  test(`a token function that ${name} is like no network: what the device holds stays`, async ({ page, host, backend, token }) => {
    await host.open(page);
    await mount(page, backend.origin, token, { locale: "en", sheet: "code" });
    await expect(page.getByTestId("code-digits")).toHaveText(/^\d{4}( \d{4}){4}$/);
    await page.evaluate(() => window.pages[0]!.unmount());
    await page.evaluate(
      ([apiBase, source]) => {
        const getToken = (0, eval)(source) as never;
        window.pages.push(window.memberPage.mount(document.querySelector("#card")!, { apiBase, getToken, locale: "en" }));
      },
      [backend.origin, source] as const,
    );
    await expect(page.getByTestId("member-card")).toContainText("6601");
    await expect(page.getByTestId("offline-note")).toBeVisible({ timeout: 15_000 });
    await expect.poll(async () => (await heard(page, "error")).map((event) => (event.detail as { kind: string }).kind)).toContain(kind);
    expect(JSON.stringify(await page.evaluate(() => window.heard))).not.toContain("secret words");
    // The code works with the credential on the device.
    await page.evaluate(() => window.pages[1]!.update({ sheet: "code" }));
    await expect(page.getByTestId("code-digits")).toHaveText(/^\d{4}( \d{4}){4}$/);
  });
}

test("several pages in one document do not disturb each other", async ({ page, host, backend, token }) => {
  const none = backend.operator("session", "add", "demo-refund-abnormal").trim();
  await host.open(page);
  await page.evaluate(
    ([apiBase, one, two]) => {
      const at = (id: string) => document.querySelector(id)!;
      window.pages.push(window.memberPage.mount(at("#card"), { apiBase, storageKey: "one", getToken: () => one, locale: "en", theme: "dark" }));
      window.pages.push(window.memberPage.mount(at("#other"), { apiBase, storageKey: "two", getToken: () => two, locale: "zh-Hans", theme: "light" }));
    },
    [backend.origin, token, none] as const,
  );
  const [first, second] = [page.locator("#card"), page.locator("#other")];
  await expect(first.getByTestId("member-status")).toHaveText("Active");
  await expect(second.getByTestId("refund-banner")).toHaveAttribute("data-state", "abnormal");
  await expect(first.getByTestId("refund-banner")).toHaveCount(0);
  await first.getByTestId("code-open").click();
  await expect(first.getByTestId("code-digits")).toHaveText(/^\d{4}( \d{4}){4}$/);
  await expect(second.getByTestId("code-sheet")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(first.getByTestId("code-sheet")).toHaveCount(0);
  // The focus is on the opener again, inside the shadow tree.
  await expect(first.getByTestId("code-open")).toBeFocused();
  await page.evaluate(() => window.pages[0]!.unmount());
  await expect(first).toBeEmpty();
  await expect(second.getByTestId("refund-banner")).toBeVisible();
  await expect(second.getByTestId("shop-row").first()).toBeVisible();
});

test("what a member follows out of the page, the host may take over", async ({ page, host, backend }) => {
  const token = backend.operator("session", "add", "demo-refund-abnormal").trim();
  await host.open(page);
  await page.evaluate(() => {
    for (const name of ["refund-action", "open-link"]) document.addEventListener(name, (event) => event.preventDefault());
  });
  await mount(page, backend.origin, token, { locale: "en" });
  const pages = page.context().pages().length;
  await page.getByTestId("refund-next-step").click();
  await expect.poll(() => heard(page, "refund-action")).toHaveLength(1);
  const [action] = await heard(page, "refund-action");
  expect(action?.detail).toMatchObject({ state: "abnormal", url: expect.stringMatching(/^(https|tel):/) });
  expect(page.context().pages()).toHaveLength(pages);
});

test("<member-page> mounts while it is in the document", async ({ page, host, backend, token }) => {
  await host.open(page);
  await page.evaluate(
    ([apiBase, token]) => {
      const element = document.createElement("member-page");
      element.setAttribute("api-base", apiBase);
      element.setAttribute("locale", "en");
      element.options = { getToken: () => token };
      document.body.append(element);
    },
    [backend.origin, token] as const,
  );
  const element = page.locator("member-page");
  await expect(element.getByTestId("member-status")).toHaveText("Active");
  await page.evaluate(() => document.querySelector("member-page")!.setAttribute("locale", "zh-Hans"));
  await expect(element.getByTestId("member-status")).toHaveText("有效");
  // A move within the document changes nothing.
  await page.evaluate(() => document.querySelector("#other")!.append(document.querySelector("member-page")!));
  await expect(element.getByTestId("member-status")).toHaveText("有效");
  expect(await heard(page, "ready")).toHaveLength(1);
  await page.evaluate(() => document.querySelector("member-page")!.setAttribute("theme", "sepia"));
  expect((await heard(page, "error")).at(-1)?.detail).toMatchObject({ kind: "options", field: "theme" });
  await page.evaluate(() => {
    const element = document.querySelector("member-page")!;
    element.remove();
    Object.assign(window, { removed: element });
  });
  await expect.poll(() => page.evaluate(() => (window as unknown as { removed: Element }).removed.shadowRoot!.childElementCount)).toBe(0);
});

test("<member-page> tries anew once a wrong option is put right, and mounts another where one is fixed", async ({ page, host, backend, token }) => {
  await host.open(page);
  await page.evaluate(
    ([apiBase, token]) => {
      const element = document.createElement("member-page");
      element.setAttribute("api-base", apiBase);
      element.setAttribute("theme", "sepia");
      element.options = { getToken: () => token, locale: "en" };
      document.body.append(element);
    },
    [backend.origin, token] as const,
  );
  await expect.poll(() => heard(page, "error")).toHaveLength(1);
  await page.evaluate(() => document.querySelector("member-page")!.setAttribute("theme", "dark"));
  const element = page.locator("member-page");
  await expect(element.getByTestId("member-status")).toHaveText("Active");
  await page.evaluate(() => document.querySelector("member-page")!.setAttribute("storage-key", "another"));
  await expect.poll(() => heard(page, "ready")).toHaveLength(2);
  await expect(element.getByTestId("member-status")).toHaveText("Active");
  expect(await page.evaluate(() => document.querySelector("member-page")!.shadowRoot!.childElementCount)).toBe(1);
});

test("<member-page> that stands in the document already is mounted when it is connected, and once", async ({ page, host, backend, token }) => {
  await host.open(page);
  const mountedBefore = await page.evaluate(
    ([apiBase, token]) => {
      document.body.insertAdjacentHTML("beforeend", `<app-card api-base="${apiBase}" locale="en" theme="dark"></app-card>`);
      let before = -1;
      // An app's own element gets its token function last. A page mounted earlier would ask without a token.
      class AppCard extends window.memberPage.MemberPageElement {
        connectedCallback() {
          before = this.shadowRoot!.childElementCount;
          this.options = { getToken: () => token };
          (window.memberPage.MemberPageElement.prototype as unknown as { connectedCallback(): void }).connectedCallback.call(this);
        }
      }
      customElements.define("app-card", AppCard);
      return before;
    },
    [backend.origin, token] as const,
  );
  expect(mountedBefore).toBe(0);
  await expect(page.locator("app-card").getByTestId("member-status")).toHaveText("Active");
  expect(await heard(page, "error")).toHaveLength(0);
});

test("the ledger's file is fetched with the token, since no link carries one", async ({ page, host, backend, token }) => {
  await host.open(page);
  await mount(page, backend.origin, token, { sheet: "savings", locale: "en" });
  const download = page.waitForEvent("download");
  await page.getByTestId("ledger-file").click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("redemptions.csv");
  const { readFileSync } = await import("node:fs");
  expect(readFileSync(await file.path(), "utf8")).toContain("saved");
});

test.describe("where the module's code does not come", () => {
  test("the member is told at once that it is on its way, and after a while that it does not come", async ({ page, host, backend, token }) => {
    await host.open(page);
    await page.route("**/*.wasm", () => {});
    await page.evaluate(
      ([apiBase, token]) => void window.memberPage.mount(document.querySelector("#card")!, { apiBase, getToken: () => token }).catch(() => {}),
      [backend.origin, token] as const,
    );
    await expect(page.getByRole("status")).toContainText("Opening your card");
    // The page's own styles are not there yet.
    await expect(page.getByRole("status")).toHaveCSS("padding", "16px");
    await expect(page.getByRole("alert")).toContainText("could not be opened", { timeout: 15_000 });
    await expect(page.getByRole("alert")).toHaveCSS("padding", "16px");
  });

  test("the member is told so in both languages, and trying again helps", async ({ page, host, backend, token, expectError }) => {
    expectError(ABORTED);
    await host.open(page);
    await page.route("**/*.wasm", (route) => route.abort());
    await page.evaluate(
      ([apiBase, token]) => {
        const page = window.memberPage.mount(document.querySelector("#card")!, { apiBase, getToken: () => token });
        page.catch(() => {});
      },
      [backend.origin, token] as const,
    );
    await expect(page.getByRole("alert")).toContainText("没能打开");
    await expect(page.getByRole("alert")).toContainText("could not be opened");
    expect((await heard(page, "error"))[0]?.detail).toMatchObject({ kind: "load-failed" });
    await page.unroute("**/*.wasm");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByTestId("member-card")).toContainText("6601");
  });
});
