// Reads the browser's trace of its main thread: how long it worked around a mark that the page set.

const CATEGORIES = ["blink.user_timing", "toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"];
/** Events during which the page's script runs. */
const SCRIPT = new Set(["FunctionCall", "EvaluateScript", "RunMicrotasks", "TimerFire"]);

/** Runs `action` while the browser traces. Returns the recorded events. */
export async function traced(session, action) {
  const events = [];
  const collect = ({ value }) => events.push(...value);
  session.on("Tracing.dataCollected", collect);
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: CATEGORIES } });
  try {
    await action();
  } finally {
    const complete = new Promise((done) => session.once("Tracing.tracingComplete", done));
    await session.send("Tracing.end");
    await complete;
    session.off("Tracing.dataCollected", collect);
  }
  return events;
}

/**
 * For each mark of this name: the milliseconds that its thread worked, from the task of the mark until
 * `length` milliseconds after it, and how many of them in script. This includes the frames that follow, and
 * anything else on that thread.
 */
export function workAfter(events, mark, length) {
  const marks = events.filter(({ cat, name, ph }) => name === mark && cat.includes("blink.user_timing") && "IRnb".includes(ph));
  return marks.map(({ pid, tid, ts }) => {
    const until = ts + length * 1000;
    const during = (event) => event.pid === pid && event.tid === tid && event.ph === "X" && event.ts + event.dur >= ts && event.ts <= until;
    const tasks = events.filter((event) => event.name === "RunTask" && during(event));
    if (tasks.length === 0) throw new Error(`the trace has no task around the mark ${mark}`);
    const script = events.filter((event) => SCRIPT.has(event.name) && during(event));
    return { all: covered(tasks), script: covered(script) };
  });
}

/** Milliseconds covered by at least one of the events. Events may be nested. */
function covered(events) {
  let [sum, end] = [0, -Infinity];
  for (const { ts, dur } of [...events].sort((a, b) => a.ts - b.ts)) {
    sum += Math.max(0, ts + dur - Math.max(end, ts));
    end = Math.max(end, ts + dur);
  }
  return sum / 1000;
}
