import assert from "node:assert/strict";
import { test } from "node:test";
import { workAfter } from "./trace.mjs";

const task = (ts, dur, thread = 1) => ({ cat: "toplevel", name: "RunTask", ph: "X", pid: 7, tid: thread, ts, dur });
const script = (name, ts, dur) => ({ ...task(ts, dur), cat: "devtools.timeline", name });
const mark = (ts, name = "swap") => ({ cat: "blink.user_timing", name, ph: "R", pid: 7, tid: 1, ts });

test("the task of a mark counts in full, and so do those that begin within the time after it", () => {
  const events = [task(0, 5_000), task(10_000, 4_000), mark(12_000), task(20_000, 1_000), task(200_000, 9_000)];
  assert.deepEqual(workAfter(events, "swap", 100), [{ all: 5, script: 0 }]);
});

test("other threads and other marks do not count", () => {
  const events = [task(10_000, 4_000), task(11_000, 50_000, 2), mark(12_000), mark(13_000, "other")];
  assert.deepEqual(workAfter(events, "swap", 100), [{ all: 4, script: 0 }]);
});

test("a mark without any task is an error, as the trace must be broken", () => {
  assert.throws(() => workAfter([mark(12_000)], "swap", 100));
});

test("script within script, or tasks within tasks, count once", () => {
  const events = [task(10_000, 9_000), task(11_000, 2_000), script("TimerFire", 11_000, 3_000), script("FunctionCall", 11_500, 2_000), script("RunMicrotasks", 14_500, 1_000), mark(12_000)];
  assert.deepEqual(workAfter(events, "swap", 100), [{ all: 9, script: 4 }]);
});
