// The cost of a code change: main-thread work, delay after the start of the time step, and thousands of
// changes in accelerated time.
import { launch, phone, slowed } from "../lib/browser.mjs";
import { OURS, policyOf } from "../lib/contenders.mjs";
import { moveTime, standInForBackend, watchLife, watchSwaps } from "../lib/instruments.mjs";
import { expectedCodes } from "../lib/own_codes.mjs";
import { traced, workAfter } from "../lib/trace.mjs";

export const PERIOD = 30_000;
/** Milliseconds after a change within which its frame and the precomputed next code are done. */
const AROUND = 80;
/**
 * A change is late if it comes more than this many milliseconds, three frames, after the start of its step.
 */
const LATE = 50;
export const QUICK_TIME = 200;
/** Playwright polls on every frame by default and so causes frames: work that is not the page's. */
const SELDOM = { polling: 500 };

/** Opens the code sheet on a page whose time the benchmark controls. */
export async function opened(browser, contender, factor) {
  const context = await browser.newContext({ ...phone, serviceWorkers: "block", ...policyOf(contender) });
  await context.request.get(`${contender.origin}/demo/active`);
  // Enrol the device first: the stubbed answers would keep saying that it is not enrolled.
  const before = await context.newPage();
  await before.goto(`${contender.origin}/#code`);
  await before.locator('[data-testid=code-qr] path[d^="M"]').waitFor();
  await before.close();
  const page = await context.newPage();
  for (const prepare of [watchLife, [moveTime, factor], standInForBackend, watchSwaps]) await page.addInitScript(...[prepare].flat());
  await page.goto(`${contender.origin}/#code`);
  await page.waitForFunction(() => window.swaps.length > 0);
  return { context, page };
}

/**
 * Measures each change at normal speed: milliseconds of main-thread work, and the delay after the start of
 * the step.
 */
async function atUsualPace(contender, rounds) {
  const browser = await launch();
  const { page } = await opened(browser, contender, 1);
  const session = await slowed(page);
  // Let the work of the start finish before measuring.
  await page.waitForTimeout(2_000);
  const late = [];
  const events = await traced(session, async () => {
    for (let round = 0; round < rounds; round++) {
      // Just after the start of a step its change may still be pending.
      await page.waitForFunction((period) => window.pageTime.wall() % period > 400, PERIOD, SELDOM);
      const before = await page.evaluate(() => window.swaps.length);
      // Skip whole seconds, so that timers stay aligned with the end of the step.
      await page.evaluate((period) => {
        const left = period - (window.pageTime.wall() % period);
        if (left > 2_000) window.pageTime.skip(Math.floor(left / 1_000 - 1) * 1_000);
      }, PERIOD);
      await page.waitForFunction((before) => window.swaps.length > before, before, { timeout: 10_000, ...SELDOM });
      await page.waitForTimeout(500);
      late.push((await page.evaluate(() => window.swaps.at(-1)[0])) % PERIOD);
    }
  });
  await browser.close();
  // The first mark may belong to a change that began before the trace.
  return { work: workAfter(events, "swap", AROUND).slice(-rounds), late };
}

/**
 * Counts, in accelerated time, late changes, skipped steps, codes of a wrong step and moments without a code.
 */
export async function inQuickTime({ page }, count, say = (_) => undefined) {
  const from = await page.evaluate(() => window.swaps.length);
  const swapped = () => page.evaluate(() => window.swaps.length);
  for (let [seen, told] = [from, from]; seen < from + count; seen = await swapped()) {
    await page.waitForTimeout(Math.min(5_000, ((from + count - seen) * PERIOD) / QUICK_TIME + 100));
    if (seen - told >= 1_000) say(`${(told = seen) - from} changes of ${count}`);
  }
  const swaps = (await page.evaluate(() => window.swaps)).slice(from, from + count).map(([wall, digits]) => ({ step: Math.floor(wall / PERIOD), late: (wall % PERIOD) / QUICK_TIME, digits }));
  const codes = await expectedCodes(page, swaps.map(({ step }) => step));
  return {
    late: swaps.map(({ late }) => late),
    tooLate: swaps.filter(({ late }) => late > LATE).length,
    leftOut: swaps.reduce((sum, { step }, at) => sum + (at ? step - swaps[at - 1].step - 1 : 0), 0),
    wrong: swaps.filter(({ digits }, at) => digits !== codes[at]).length,
    blank: await page.evaluate(() => window.blanks.count),
  };
}

export async function measure({ served, quick, say }) {
  const live = served.filter(({ name }) => name !== "static");
  const [all, script, late] = [{}, {}, {}];
  for (const contender of live) {
    say(`code changes at normal speed: ${contender.name}`);
    const seen = await atUsualPace(contender, quick ? 2 : 20);
    all[contender.name] = seen.work.map(({ all }) => all);
    script[contender.name] = seen.work.map(({ script }) => script);
    late[contender.name] = seen.late;
  }
  const count = quick ? 50 : 2_000;
  say(`${count} changes at ${QUICK_TIME} times normal speed${quick ? "" : ", about five minutes"}`);
  const browser = await launch();
  const ours = await opened(browser, live.find(({ name }) => name === OURS), QUICK_TIME);
  await ours.page.waitForFunction(() => window.swaps.length > 3);
  const fast = await inQuickTime(ours, count, say);
  await browser.close();
  const none = [{ most: 0 }];
  const of = (value) => ({ [OURS]: [value] });
  const rows = [
    { figure: "main-thread work per change", unit: "ms", values: all, targets: [{ most: 8 }] },
    { figure: "script work per change", unit: "ms", values: script },
    { figure: "delay after the start of the step", unit: "ms", values: late },
    { figure: `accelerated changes over ${LATE} ms late, of ${count.toLocaleString("en")}`, unit: "", values: of(fast.tooLate), targets: none },
    { figure: "delay of accelerated changes", unit: "ms", values: { [OURS]: fast.late } },
    { figure: "skipped steps, accelerated", unit: "", values: of(fast.leftOut), targets: none },
    { figure: "codes of a wrong step, accelerated", unit: "", values: of(fast.wrong), targets: none },
    { figure: "moments without a code, accelerated", unit: "", values: of(fast.blank), targets: none },
  ];
  return [{ title: "Rotation", rows }];
}
