// Chromium as a cheap phone: its screen, a processor slowed four times, and optionally a slow network.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");
const e2e = createRequire(join(root, "tests/e2e/package.json"));
export const { chromium } = e2e("playwright-core");

export const SLOWED = 4;
export const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true, locale: "zh-CN", timezoneId: "Asia/Shanghai" };
/**
 * The component tests' flags, except the headless mode, which Playwright sets, and the language, which
 * `phone` sets.
 */
const { args } = JSON.parse(readFileSync(join(root, "webdriver.json"), "utf8"))["goog:chromeOptions"];
const named = process.env.CHROMIUM ?? execFileSync("sh", ["-c", "command -v chromium || command -v google-chrome || true"], { encoding: "utf8" }).trim();
if (!named) throw new Error("no Chromium found: run 'make setup', or name one in the environment variable CHROMIUM");
export const options = { executablePath: named, args: args.filter((/** @type {string} */ flag) => !/^--(headless|lang)/.test(flag)) };

export const launch = () => chromium.launch(options);
/** A browser with a profile on disk, like a member's: its HTTP cache also keeps compiled code. */
export const launchWith = (profile, further = {}) => chromium.launchPersistentContext(profile, { ...options, ...phone, ...further });

/** Slows a page's processor, and its network if `network` is given: `{ latency, kilobitsPerSecond }`. */
export async function slowed(page, network) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
  if (network) {
    const throughput = (network.kilobitsPerSecond * 1000) / 8;
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: network.latency, downloadThroughput: throughput, uploadThroughput: throughput });
  }
  return session;
}

/** Records when each awaited element is on the screen: one frame after it enters the document. */
export function watchForMarks() {
  const wanted = { card: '[data-testid="member-status"]:not(:empty)', code: '[data-testid="code-qr"] path[d^="M"]', list: '[data-testid="shop-row"]' };
  const marks = {};
  Object.assign(window, { marks, shift: 0 });
  const look = () => {
    for (const [name, selector] of Object.entries(wanted)) {
      if (name in marks || !document.querySelector(selector)) continue;
      marks[name] = null;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (marks[name] = performance.now());
      requestAnimationFrame(() => port2.postMessage(0));
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["d"] });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}

const NOTED = `({ ...window.marks, shift: window.shift, paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime })`;

/**
 * Returns the milliseconds from navigation to each mark. Fails if one does not come. The compositor records
 * the first paint, which comes last. This uses the browser's own protocol, since Playwright's injected script
 * costs a slowed processor 50 ms.
 */
export async function marks(page, names) {
  const session = await page.context().newCDPSession(page);
  for (const until = Date.now() + 60_000; Date.now() < until; await new Promise((again) => setTimeout(again, 50))) {
    const { result } = await session.send("Runtime.evaluate", { expression: NOTED, returnByValue: true });
    const noted = result.value ?? {};
    if (["paint", ...names].every((name) => noted[name])) {
      await session.detach();
      return noted;
    }
  }
  throw new Error(`${page.url()} shows no ${names.join(" and ")}`);
}
