// The page in an app's WebView or in a frame: it obeys messages of the app, and ignores and counts all others.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/host.ts";
import { idle } from "../support/test.ts";

declare global {
  interface Window {
    /** What the page sent to the app. */
    sent: { type: string; id?: number; name?: string; detail?: { name?: string; value?: number; kind?: string; field?: string }; rejected?: boolean; handled?: boolean }[];
    /** Sends a message to the page, as the app would. */
    say: (message: unknown, origin?: string) => void;
    /** Adds the app's bridge, if it is added later than the page. */
    addBridge?: () => void;
  }
}

const sent = (page: Page, type: string) => page.evaluate((type) => window.sent.filter((message) => message.type === type), type);
const ignored = (page: Page) =>
  page.evaluate(() => window.sent.filter((message) => message.name === "metric" && message.detail?.name === "message-ignored").at(-1)?.detail?.value ?? 0);

/** The interface of an app to the page: Android's, iOS's, and a bridge like WeChat's. */
const apps: Record<string, () => void> = {
  android: () => {
    const target = new EventTarget();
    window.sent = [];
    window.say = (message, origin = "") => target.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message), origin }));
    Object.assign(window, {
      memberPageHost: {
        postMessage: (text: string) => window.sent.push(JSON.parse(text)),
        addEventListener: target.addEventListener.bind(target),
        removeEventListener: target.removeEventListener.bind(target),
      },
    });
  },
  ios: () => {
    window.sent = [];
    window.say = (message) => (window as unknown as { memberPageReceive: (message: unknown) => void }).memberPageReceive(message);
    Object.assign(window, { webkit: { messageHandlers: { memberPageHost: { postMessage: (message: never) => void window.sent.push(structuredClone(message)) } } } });
  },
  wechat: () => {
    window.sent = [];
    let handler = (_: unknown) => {};
    window.say = (message) => handler(message);
    const bridge = { invoke: (_: string, message: never) => window.sent.push(message), on: (_: string, take: typeof handler) => (handler = take) };
    // Such bridges are added some time after the page has started.
    window.addBridge = () => {
      Object.assign(window, { WeixinJSBridge: bridge });
      document.dispatchEvent(new Event("WeixinJSBridgeReady"));
    };
  },
};

for (const [name, app] of Object.entries(apps)) {
  test(`${name}: the ready-made page gets its token from the app and tells it what happens`, async ({ page, backend, token }) => {
    await page.addInitScript(app);
    await page.goto(`${backend.origin}/module/webview.html`);
    await idle(page);
    await page.evaluate(() => window.addBridge?.());
    await expect.poll(async () => (await sent(page, "get-token")).length).toBeGreaterThan(0);
    // Answers every request for a token, also earlier ones.
    await page.evaluate((token) => {
      const answered = new Set<number>();
      setInterval(() => {
        for (const { type, id } of window.sent) {
          if (type !== "get-token" || answered.has(id!)) continue;
          answered.add(id!);
          window.say({ memberPage: 1, type: "token", id, token });
        }
      }, 20);
    }, token);
    const card = page.getByTestId("member-card");
    await expect(card).toContainText("6601");
    await expect.poll(async () => (await sent(page, "event")).map((event) => event.name)).toContain("ready");

    await page.evaluate(() => window.say({ memberPage: 1, type: "update", options: { locale: "en", theme: "dark", sheet: "code" } }));
    await expect(page.getByTestId("code-sheet")).toBeVisible();
    await expect(page.getByTestId("member-status")).toHaveText("Active");
    await expect.poll(async () => (await sent(page, "event")).map((event) => event.name)).toContain("code-shown");
    await page.evaluate(() => window.say({ memberPage: 1, type: "back" }));
    await expect(page.getByTestId("code-sheet")).toHaveCount(0);
    expect((await sent(page, "back")).at(-1)?.handled).toBe(true);

    await page.evaluate(() => window.say({ memberPage: 1, type: "update", options: { theme: "sepia" } }));
    expect((await sent(page, "event")).at(-1)?.detail).toMatchObject({ kind: "options", field: "theme" });

    const before = await ignored(page);
    for (const stranger of ["nonsense", null, 7, { type: "update", options: { locale: "zh-Hans" } }, { memberPage: 2, type: "back" }, { memberPage: 1, type: "explode" }]) {
      await page.evaluate((message) => window.say(message), stranger);
    }
    expect((await ignored(page)) - before).toBe(6);
    // An answer to no request is not used for another request.
    await page.evaluate(() => window.say({ memberPage: 1, type: "token", id: 999_999, token: "stolen" }));
    await expect(page.getByTestId("member-status")).toHaveText("Active");
    const messages = JSON.stringify(await page.evaluate(() => window.sent));
    expect(messages).not.toContain(token);
  });
}

test("android: a message that carries an origin is a page's, not the app's", async ({ page, backend }) => {
  await page.addInitScript(apps["android"]!);
  await page.goto(`${backend.origin}/module/webview.html`);
  await expect.poll(async () => (await sent(page, "get-token")).length).toBeGreaterThan(0);
  await page.evaluate(() => window.say({ memberPage: 1, type: "update", options: { locale: "en" } }, "https://evil.example"));
  await expect.poll(() => ignored(page)).toBe(1);
  await expect(page.locator("#member-page [lang]").first()).not.toHaveAttribute("lang", "en");
});

test("a frame listens to the origins it was told, and to its parent alone", async ({ page, host, backend, token }) => {
  await host.open(page);
  // The framed page, on the host's origin; its peer is a window of the test.
  const outcome = await page.evaluate(
    async ([apiBase, token]) => {
      const { embed, frameChannel } = window.bridge;
      window.sent = [];
      const peer = { postMessage: (message: never, origin: string) => window.sent.push({ ...(message as object), origin } as never) } as unknown as Window;
      const channel = frameChannel({ origins: ["https://app.example"], peer });
      const page = embed(document.querySelector("#card")!, channel, { apiBase, locale: "zh-Hans" });
      window.pages.push(page);
      const say = (message: unknown, origin: string, source: unknown) =>
        window.dispatchEvent(Object.defineProperty(new MessageEvent("message", { data: message, origin }), "source", { value: source }));
      const answer = setInterval(() => {
        for (const { type, id } of window.sent) if (type === "get-token") say({ memberPage: 1, type: "token", id, token }, "https://app.example", peer);
      }, 20);
      await page;
      await new Promise<void>((ready) => document.addEventListener("ready", () => ready(), { once: true }));
      const painted = () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
      const update = { memberPage: 1, type: "update", options: { locale: "en" } };
      say(update, "https://evil.example", peer);
      say(update, "https://app.example.evil.example", peer);
      say(update, "https://app.example", window);
      say(update, "null", peer);
      const strangers = channel.ignored();
      await painted();
      const language = () => document.querySelector("[data-member-page]")!.shadowRoot!.querySelector("[lang]")!.getAttribute("lang");
      const before = language();
      say(update, "https://app.example", peer);
      await painted();
      clearInterval(answer);
      const after = language();
      page.unmount();
      say(update, "https://evil.example", peer);
      const targets = new Set((window.sent as unknown as { origin: string }[]).map((message) => message.origin));
      return { strangers, before, after, afterUnmount: channel.ignored(), targets: [...targets] };
    },
    [backend.origin, token] as const,
  );
  expect(outcome).toEqual({ strangers: 4, before: "zh-Hans", after: "en", afterUnmount: 4, targets: ["https://app.example"] });
  for (const origins of [[], ["*"], ["https://app.example/"], ["app.example"]]) {
    const refused = await page.evaluate((origins) => {
      try {
        window.bridge.frameChannel({ origins });
        return false;
      } catch (error) {
        return error instanceof TypeError;
      }
    }, origins);
    expect(refused, JSON.stringify(origins)).toBe(true);
  }
});
