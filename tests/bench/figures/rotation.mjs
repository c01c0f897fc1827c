// What changing the code costs: the main thread's work around each change, how late it comes, and thousands of changes in
// quick time.
import { launch, phone, slowed } from "../lib/browser.mjs";
import { OURS, policyOf } from "../lib/contenders.mjs";
import { moveTime, standInForBackend, watchLife, watchSwaps } from "../lib/instruments.mjs";
import { expectedCodes } from "../lib/own_codes.mjs";
import { traced, workAfter } from "../lib/trace.mjs";

export const PERIOD = 30_000;
/** What a change leads to is done this soon after it: the frame, and the next code made ahead. */
const AROUND = 80;
/** A change of the code that comes later than this after its step began is late: three frames. */
const LATE = 50;
export const QUICK_TIME = 200;
/** By itself Playwright looks at every frame, and has one made for it: work that is not the page's. */
const SELDOM = { polling: 500 };

/** A page with its code sheet open, its time in the bench's hands. */
export async function opened(browser, contender, factor) {
  const context = await browser.newContext({ ...phone, serviceWorkers: "block", ...policyOf(contender) });
  await context.request.get(`${contender.origin}/demo/active`);
  // The device is enrolled before: answers that are kept would go on saying that it is not.
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

/** Milliseconds of main thread for each change, and how long after the step's start it came; at the usual pace of time. */
async function atUsualPace(contender, rounds) {
  const browser = await launch();
  const { page } = await opened(browser, contender, 1);
  const session = await slowed(page);
  // What starting left to do is done before anything is measured.
  await page.waitForTimeout(2_000);
  const late = [];
  const events = await traced(session, async () => {
    for (let round = 0; round < rounds; round++) {
      // Just after a step's start the change that belongs to it may still be to come.
      await page.waitForFunction((period) => window.pageTime.wall() % period > 400, PERIOD, SELDOM);
      const before = await page.evaluate(() => window.swaps.length);
      // By whole seconds, so that timers that meet the end of a step still do.
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
  // The first mark may be of a change that was under way when the trace began.
  return { work: workAfter(events, "swap", AROUND).slice(-rounds), late };
}

/** Thousands of changes in quick time: how many came late, were left out, showed another step's code, or nothing at all. */
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
    say(`changes of the code at the usual pace of time: ${contender.name}`);
    const seen = await atUsualPace(contender, quick ? 2 : 20);
    all[contender.name] = seen.work.map(({ all }) => all);
    script[contender.name] = seen.work.map(({ script }) => script);
    late[contender.name] = seen.late;
  }
  const count = quick ? 50 : 2_000;
  say(`${count} changes in time ${QUICK_TIME} times as fast${quick ? "" : ", about five minutes"}`);
  const browser = await launch();
  const ours = await opened(browser, live.find(({ name }) => name === OURS), QUICK_TIME);
  await ours.page.waitForFunction(() => window.swaps.length > 3);
  const fast = await inQuickTime(ours, count, say);
  await browser.close();
  const none = [{ most: 0 }];
  const of = (value) => ({ [OURS]: [value] });
  const rows = [
    { figure: "main thread for one change: script, style, layout, painting", unit: "ms", values: all, targets: [{ most: 8 }] },
    { figure: "– of that script: this code swapped, the next one made", unit: "ms", values: script },
    { figure: "change after its step began", unit: "ms", values: late },
    { figure: `${count.toLocaleString("en")} changes in quick time: more than ${LATE} ms late`, unit: "", values: of(fast.tooLate), targets: none },
    { figure: "– after their step began", unit: "ms", values: { [OURS]: fast.late } },
    { figure: "– steps left out", unit: "", values: of(fast.leftOut), targets: none },
    { figure: "– codes of another step", unit: "", values: of(fast.wrong), targets: none },
    { figure: "– moments without a code", unit: "", values: of(fast.blank), targets: none },
  ];
  return [{ title: "Rotation", rows }];
}
