// Memory growth of the page over thousands of codes, and memory at rest, compared with the peers.
import { launch, launchWith } from "../lib/browser.mjs";
import { OURS, policyOf } from "../lib/contenders.mjs";
import { watchLife } from "../lib/instruments.mjs";
import { held, ofProcess } from "../lib/memory.mjs";
import { rotated } from "../lib/statistics.mjs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QUICK_TIME, inQuickTime, opened } from "./rotation.mjs";

const MEGABYTE = 1024 * 1024;
const PAGE_OF_WASM = 65_536;

export const timers = (page) => page.evaluate(() => window.alive.timeouts.size + window.alive.intervals.size);
export const growth = (before, after) => ({ pages: (after.wasm - before.wasm) / PAGE_OF_WASM, heap: (after.heap / before.heap - 1) * 100 });

/** Report rows for the growth caused by a number of codes or sheets. */
export const grown = (after, { pages, heap }) => [
  { figure: `wasm pages added by ${after}`, unit: "", values: { [OURS]: [pages] }, targets: [{ most: 0 }] },
  { figure: `heap growth over ${after}`, unit: "%", values: { [OURS]: [heap] }, targets: [{ most: 2 }] },
];

/** Measures growth over `count` codes, after a tenth as many codes to warm up. */
async function rotations(ours, count, say) {
  const browser = await launch();
  const one = await opened(browser, ours, QUICK_TIME);
  const session = await one.page.context().newCDPSession(one.page);
  const forget = () => one.page.evaluate(() => (window.swaps.splice(0, window.swaps.length - 1), performance.clearMarks(), performance.clearResourceTimings()));
  await inQuickTime(one, count / 10);
  await forget();
  const warm = await held(one.page, session);
  const seen = await inQuickTime(one, count, say);
  if (seen.wrong > 0) throw new Error(`${seen.wrong} codes were of another step`);
  await forget();
  const after = await held(one.page, session);
  await browser.close();
  return growth(warm, after);
}

/** Measures an idle page with the code on screen: heap, wasm, process and timers. */
async function atRest(contender, rest) {
  const profile = mkdtempSync(join(tmpdir(), "member-page-profile-"));
  const context = await launchWith(profile, { serviceWorkers: "block", ...policyOf(contender) });
  await context.request.get(`${contender.origin}/demo/active`);
  await context.addInitScript(watchLife);
  const [page] = context.pages();
  await page.goto(`${contender.origin}/#code`);
  await page.locator('[data-testid=code-qr] path[d^="M"]').waitFor();
  await page.waitForTimeout(rest);
  const session = await context.newCDPSession(page);
  const { heap, wasm } = await held(page, session);
  const all = { heap: heap / MEGABYTE, wasm: wasm / MEGABYTE, timers: await timers(page) };
  const process = (await ofProcess(await context.browser().newBrowserCDPSession())) / MEGABYTE;
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  return { ...all, process };
}

export async function measure({ served, quick, say }) {
  const ours = served.find(({ name }) => name === OURS);
  const rest = { heap: {}, wasm: {}, timers: {}, process: {} };
  say("pages at rest");
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    for (const contender of rotated(served, round)) {
      for (const [what, value] of Object.entries(await atRest(contender, quick ? 1_000 : 5_000))) (rest[what][contender.name] ??= []).push(value);
    }
  }
  const rows = [
    { figure: "process at rest", unit: "MB", values: rest.process },
    { figure: "script heap at rest", unit: "MB", values: rest.heap },
    { figure: "wasm memory at rest", unit: "MB", values: rest.wasm },
    { figure: "timers at rest", unit: "", values: rest.timers, targets: [{ most: 1 }] },
  ];
  // Only the full run has the long measurement.
  if (quick) return [{ title: "Memory", rows }];
  const count = 5_000;
  say(`${count} codes in accelerated time, about a quarter of an hour`);
  rows.push(...grown(`${count.toLocaleString("en")} codes`, await rotations(ours, count, say)));
  return [{ title: "Memory", rows }];
}
