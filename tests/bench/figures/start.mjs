// From navigation to a code that can be scanned: with what the device holds, and on a first visit.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, launchWith, marks, phone, slowed, watchForMarks } from "../lib/browser.mjs";
import { OURS, policyOf } from "../lib/contenders.mjs";
import { rotated } from "../lib/statistics.mjs";

const PHONE_NETWORK = { latency: 150, kilobitsPerSecond: 1_600 };
const note = (into, name, values) => {
  for (const [mark, value] of Object.entries(values)) ((into[mark] ??= {})[name] ??= []).push(value);
};

/** A second visit. `worker`: with our service worker (peers have none). Answers of the backend are late by `late` milliseconds. */
export async function warm(contenders, rounds, { worker = false, late = 0 } = {}) {
  const serviceWorkers = worker ? "allow" : "block";
  const visited = [];
  for (const contender of contenders) {
    const profile = mkdtempSync(join(tmpdir(), "member-page-profile-"));
    const context = await launchWith(profile, { serviceWorkers, ...policyOf(contender) });
    await context.request.get(`${contender.origin}/demo/active`);
    await context.addInitScript(watchForMarks);
    const visit = { contender, context, profile };
    // Twice: the browser keeps compiled code from the second time on.
    for (let before = 0; before < 3; before++) {
      const page = await context.newPage();
      await page.goto(`${contender.origin}/#code`);
      await marks(page, ["card", "code"]);
      if (worker && contender.name === OURS) await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      await page.waitForTimeout(500);
      await page.close();
    }
    visited.push(visit);
  }
  const into = {};
  for (let round = 0; round < rounds; round++) {
    for (const { contender, context } of rotated(visited, round)) {
      const page = await context.newPage();
      if (late) await page.route("**/v1/**", async (route) => setTimeout(() => route.continue().catch(() => undefined), late));
      await slowed(page);
      await page.goto(`${contender.origin}/#code`, { waitUntil: "commit" });
      note(into, contender.name, await marks(page, ["card", "code"]));
      await page.close();
    }
  }
  for (const { context, profile } of visited) {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
  return into;
}

/** A first visit on a phone's network. */
export async function cold(contenders, rounds) {
  const browser = await launch();
  const into = {};
  for (let round = 0; round < rounds; round++) {
    for (const contender of rotated(contenders, round)) {
      const context = await browser.newContext({ ...phone, serviceWorkers: "block", ...policyOf(contender) });
      await context.request.get(`${contender.origin}/demo/active`);
      await context.addInitScript(watchForMarks);
      const page = await context.newPage();
      const session = await slowed(page, PHONE_NETWORK);
      let received = 0;
      session.on("Network.loadingFinished", ({ encodedDataLength }) => (received += encodedDataLength));
      await page.goto(`${contender.origin}/#code`, { waitUntil: "commit" });
      const reached = await marks(page, ["card", "code"]);
      note(into, contender.name, { ...reached, received });
      await context.close();
    }
  }
  await browser.close();
  return into;
}
