// Memory growth of the page while the code sheet is opened and closed many times.
import { launch, phone } from "../lib/browser.mjs";
import { OURS, policyOf } from "../lib/contenders.mjs";
import { watchLife } from "../lib/instruments.mjs";
import { held } from "../lib/memory.mjs";
import { grown, growth, timers } from "./memory.mjs";

/**
 * Sheets to open and close before growth counts. Until then the browser compiles functions that run often,
 * and stores their code in the script heap.
 */
const UNTIL_COMPILED = 600;

/** Measures growth over `count` sheets, after the warm-up. */
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

export async function measure({ served, quick, say }) {
  // Only the full run has the long measurement.
  if (quick) return [];
  const ours = served.find(({ name }) => name === OURS);
  const count = 1_000;
  say(`${UNTIL_COMPILED} sheets to warm up, then ${count} sheets; a few minutes`);
  const after = await sheets(ours, count, say);
  const name = `${count.toLocaleString("en")} sheets`;
  return [{ title: "Memory: sheets", rows: [...grown(name, after), { figure: `timers added by ${name}`, unit: "", values: { [OURS]: [after.timers] }, targets: [{ most: 0 }] }] }];
}
