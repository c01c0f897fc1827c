// From navigation to a code that can be scanned: with what the device holds, and on a first visit.
//
// A contender's code "is there" a frame after its symbol has come into the document.
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

/** A browser profile of each contender's own that was there before. `worker`: with our service worker; peers have none. */
async function visited(contenders, worker = false) {
  const visits = [];
  for (const contender of contenders) {
    const profile = mkdtempSync(join(tmpdir(), "member-page-profile-"));
    const context = await launchWith(profile, { serviceWorkers: worker ? "allow" : "block", ...policyOf(contender) });
    await context.request.get(`${contender.origin}/demo/active`);
    await context.addInitScript(watchForMarks);
    // Three times: the browser keeps compiled code from the second visit on.
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

/** Second visits in turn. Answers of the backend are late by `late` milliseconds. */
async function warm(visits, rounds, late = 0) {
  const into = {};
  for (let round = 0; round < rounds; round++) {
    for (const { contender, context } of rotated(visits, round)) {
      const page = await context.newPage();
      // Not by intercepting requests: that turns the HTTP cache off.
      if (late) await page.addInitScript(lateAnswers, late);
      await slowed(page);
      await page.goto(`${contender.origin}/#code`, { waitUntil: "commit" });
      const reached = await marks(page, ["card", "code"]);
      // The fresh answers take over; nothing may move then either.
      await page.waitForTimeout(late ? late + 500 : 500);
      note(into, contender.name, { ...reached, shift: await page.evaluate(() => window.shift) });
      await page.close();
    }
  }
  return into;
}

/** A first visit on a phone's network, of a member whose code is on no device yet: each has a server of its own. */
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

/** All of it, for the report. */
export async function measure({ served, quick, say }) {
  const rounds = quick ? 3 : 21;
  say(`second visits, ${rounds} of each`);
  const visits = await visited(served);
  const again = await warm(visits, rounds);
  say("the same with answers two seconds late");
  // The static file asks for nothing.
  const asking = visits.filter(({ contender }) => contender.name !== "static");
  const late = await warm(asking, quick ? 2 : 15, LATE);
  await leave(visits);
  say("the same with a service worker");
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
