// Whether the page grows: thousands of codes, a thousand sheets; what it holds at rest, beside the peers.
import { launch, launchWith, phone } from "../lib/browser.mjs";
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

const timers = (page) => page.evaluate(() => window.alive.timeouts.size + window.alive.intervals.size);
const growth = (before, after) => ({ pages: (after.wasm - before.wasm) / PAGE_OF_WASM, heap: (after.heap / before.heap - 1) * 100 });

/** Codes by the thousand: growth after the first tenth of them. */
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

/** So often the sheet is opened and closed before growth counts: until then the browser goes on compiling what runs often, and keeps the code
 *  in the script's heap. */
const UNTIL_COMPILED = 600;

/** The sheet opened and closed again and again: growth from when everything was used often. */
async function sheets(ours, count, say) {
  const browser = await launch();
  const context = await browser.newContext({ ...phone, serviceWorkers: "block", ...policyOf(ours) });
  await context.request.get(`${ours.origin}/demo/active`);
  await context.addInitScript(watchLife);
  const page = await context.newPage();
  await page.goto(ours.origin);
  await page.getByTestId("code-open").waitFor();
  const session = await context.newCDPSession(page);
  const cycles = (count) =>
    page.evaluate(async (count) => {
      const until = async (holds) => {
        for (const from = performance.now(); !holds(); ) {
          if (performance.now() - from > 10_000) throw new Error("the code sheet neither opens nor closes");
          await new Promise((done) => requestAnimationFrame(done));
        }
      };
      const sheet = () => document.querySelector('[data-testid="code-sheet"]');
      for (let cycle = 0; cycle < count; cycle++) {
        document.querySelector('[data-testid="code-open"]').click();
        await until(() => sheet()?.querySelector('[data-testid="code-qr"] path[d^="M"]'));
        sheet().querySelector(".sheet__close").click();
        await until(() => !sheet());
      }
      performance.clearResourceTimings();
    }, count);
  await cycles(UNTIL_COMPILED);
  await page.waitForTimeout(2_000);
  const [warm, before] = [await held(page, session), await timers(page)];
  for (let done = 0; done < count; done += count / 5) {
    await cycles(count / 5);
    say(`${done + count / 5} sheets of ${count}`);
  }
  await page.waitForTimeout(2_000);
  const [after, left] = [await held(page, session), await timers(page)];
  await browser.close();
  return { ...growth(warm, after), timers: left - before };
}

/** A page with the code on screen that nobody touches: heap, wasm, process and timers. */
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
    { figure: "– script's heap", unit: "MB", values: rest.heap },
    { figure: "– wasm's memory", unit: "MB", values: rest.wasm },
    { figure: "timers at rest, code on screen", unit: "", values: rest.timers, targets: [{ most: 1 }] },
  ];
  const of = (value) => ({ [OURS]: [value] });
  const grown = (after, { pages, heap }) =>
    rows.push({ figure: `${after}: wasm pages more`, unit: "", values: of(pages), targets: [{ most: 0 }] }, { figure: `${after}: heap grown by`, unit: "%", values: of(heap), targets: [{ most: 2 }] });
  // The marathons are for the full run.
  if (quick) return [{ title: "Memory", rows }];
  const [codes, cycles] = [5_000, 1_000];
  say(`${cycles} times the sheet, a few minutes`);
  const opened = await sheets(ours, cycles, say);
  say(`${codes} codes in quick time, about a quarter of an hour`);
  grown(`${codes.toLocaleString("en")} codes`, await rotations(ours, codes, say));
  grown(`${cycles.toLocaleString("en")} sheets`, opened);
  rows.push({ figure: `${cycles.toLocaleString("en")} sheets: timers more`, unit: "", values: of(opened.timers), targets: [{ most: 0 }] });
  return [{ title: "Memory", rows }];
}
