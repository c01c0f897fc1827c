// Time from navigation until the code can be scanned: on a device that has visited before, and on a first
// visit.
//
// The time ends one frame after the symbol is in the document.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, launchWith, marks, phone, slowed, watchForMarks } from "../lib/browser.mjs";
import { OURS, Served, policyOf } from "../lib/contenders.mjs";
import { lateAnswers } from "../lib/instruments.mjs";
import { rotated } from "../lib/statistics.mjs";

const PHONE_NETWORK = { latency: 150, kilobitsPerSecond: 1_600 };
const LATE = 2_000;
const note = (into, name, values) => {
  for (const [mark, value] of Object.entries(values)) ((into[mark] ??= {})[name] ??= []).push(value);
};

/**
 * Creates a browser profile for each contender, with earlier visits. `worker` allows our service worker;
 * peers have none.
 */
async function visited(contenders, worker = false) {
  const visits = [];
  for (const contender of contenders) {
    const profile = mkdtempSync(join(tmpdir(), "member-page-profile-"));
    const context = await launchWith(profile, { serviceWorkers: worker ? "allow" : "block", ...policyOf(contender) });
    await context.request.get(`${contender.origin}/demo/active`);
    await context.addInitScript(watchForMarks);
    // Three visits: the browser caches compiled code from the second one on.
    for (let before = 0; before < 3; before++) {
      const page = await context.newPage();
      await page.goto(`${contender.origin}/#code`);
      await marks(page, ["card", "code"]);
      if (worker && contender.name === OURS) await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      await page.waitForTimeout(500);
      await page.close();
    }
    visits.push({ contender, context, profile });
  }
  return visits;
}

async function leave(visits) {
  for (const { context, profile } of visits) {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/**
 * Measures second visits of all contenders in turn. `late` delays the answers of the backend, in
 * milliseconds.
 */
async function warm(visits, rounds, late = 0) {
  const into = {};
  for (let round = 0; round < rounds; round++) {
    for (const { contender, context } of rotated(visits, round)) {
      const page = await context.newPage();
      // Intercepting requests would turn the HTTP cache off.
      if (late) await page.addInitScript(lateAnswers, late);
      await slowed(page);
      await page.goto(`${contender.origin}/#code`, { waitUntil: "commit" });
      const reached = await marks(page, ["card", "code"]);
      // Fresh answers replace cached ones. The layout must not shift then either.
      await page.waitForTimeout(late ? late + 500 : 500);
      note(into, contender.name, { ...reached, shift: await page.evaluate(() => window.shift) });
      await page.close();
    }
  }
  return into;
}

/**
 * Measures first visits on a slow network. No device is enrolled for the card yet, so each visit has a server
 * of its own.
 */
export async function cold(contenders, rounds) {
  const browser = await launch();
  const into = {};
  for (let round = 0; round < rounds; round++) {
    for (const { name, site } of rotated(contenders, round)) {
      const contender = await Served.start(name, site);
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
      contender.stop();
    }
  }
  await browser.close();
  return into;
}

const NO_SHIFT = [{ most: 0, by: "max" }];

/** Measures second and first visits. */
export async function measure({ served, quick, say }) {
  const rounds = quick ? 3 : 21;
  say(`second visits, ${rounds} of each`);
  const visits = await visited(served);
  const again = await warm(visits, rounds);
  say("second visits, answers delayed by two seconds");
  // The static file sends no requests to the backend.
  const asking = visits.filter(({ contender }) => contender.name !== "static");
  const late = await warm(asking, quick ? 2 : 15, LATE);
  await leave(visits);
  say("second visits with a service worker");
  const visitsWithWorker = await visited(quick ? served.filter(({ name }) => name !== "solid") : served, true);
  const withWorker = await warm(visitsWithWorker, rounds);
  await leave(visitsWithWorker);
  say("first visits on a slow network");
  const first = await cold(served, quick ? 2 : 15);
  const row = (figure, values, targets, unit = "ms") => ({ figure, unit, values, targets });
  return [
    {
      title: "Second visit",
      rows: [
        row("code, no service worker", again.code, [{ of: "static", most: 1.3 }, { of: "preact", most: 1 }]),
        row("card, no service worker", again.card, []),
        row("code, with service worker", withWorker.code, [{ of: "static", most: 1.3 }, { of: "preact", most: 1 }]),
        row("card, with service worker", withWorker.card, []),
        row(`code, answers delayed by ${LATE / 1_000} s`, late.code, [{ most: LATE, by: "max" }]),
        row(`layout shift, answers delayed by ${LATE / 1_000} s`, late.shift, NO_SHIFT, ""),
        row("layout shift, no service worker", again.shift, NO_SHIFT, ""),
      ],
    },
    {
      title: "First visit",
      rows: [
        row("first paint", first.paint, []),
        row("card", first.card, [{ of: "static", most: 2.5 }, { of: "preact", most: 1.3 }]),
        row("code", first.code, [{ of: "static", most: 2.5 }, { of: "preact", most: 1.3 }]),
        row("layout shift", first.shift, NO_SHIFT, ""),
        row("received until the code is shown", first.received, [], "KB"),
      ],
    },
  ];
}
