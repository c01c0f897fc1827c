// From navigation to a code that can be scanned: with what the device holds, and on a first visit.
//
// A contender's code "is there" a frame after its symbol has come into the document.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, launchWith, marks, phone, slowed, watchForMarks } from "../lib/browser.mjs";
import { OURS, policyOf } from "../lib/contenders.mjs";
import { rotated } from "../lib/statistics.mjs";

const PHONE_NETWORK = { latency: 150, kilobitsPerSecond: 1_600 };
const LATE = 2_000;
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
    // Three times: the browser keeps compiled code from the second visit on.
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
      note(into, contender.name, { ...reached, received: received / 1024 });
      await context.close();
    }
  }
  await browser.close();
  return into;
}

const NO_SHIFT = [{ most: 0, by: "max" }];

/** All of it, for the report. */
export async function measure({ served, quick, say }) {
  const rounds = quick ? 3 : 21;
  say(`second visits, ${rounds} of each`);
  const again = await warm(served, rounds);
  say("the same with a service worker");
  const withWorker = await warm(served, rounds, { worker: true });
  say("the same with answers two seconds late");
  // The static file asks for nothing.
  const late = await warm(served.filter(({ name }) => name !== "static"), quick ? 2 : 15, { late: LATE });
  say("first visits on a slow network");
  const first = await cold(served, quick ? 3 : 15);
  const row = (figure, values, targets, unit = "ms") => ({ figure, unit, values, targets });
  return [
    {
      title: "Second visit",
      rows: [
        row("code, no service worker", again.code, [{ of: "static", most: 1.3 }, { of: "preact", most: 1 }]),
        row("card, no service worker", again.card, []),
        row("code, with the page's service worker", withWorker.code, [{ of: "static", most: 1.3 }, { of: "preact", most: 1 }]),
        row("card, with the page's service worker", withWorker.card, []),
        row(`code, answers ${LATE / 1_000} s late`, late.code, [{ most: LATE, by: "max" }]),
        row("layout shift, answers late", late.shift, NO_SHIFT, ""),
        row("layout shift", again.shift, NO_SHIFT, ""),
      ],
    },
    {
      title: "First visit",
      rows: [
        row("first paint", first.paint, []),
        row("card", first.card, [{ of: "static", most: 2.5 }, { of: "preact", most: 1.3 }]),
        row("code", first.code, [{ of: "static", most: 2.5 }, { of: "preact", most: 1.3 }]),
        row("layout shift", first.shift, NO_SHIFT, ""),
        row("received until the code is there", first.received, [], "KB"),
      ],
    },
  ];
}
