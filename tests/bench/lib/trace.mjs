// The browser's own account of its main thread: how long it worked around a moment that the page marked.

const CATEGORIES = ["blink.user_timing", "toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"];
/** Where the browser hands over to a page's script. */
const SCRIPT = new Set(["FunctionCall", "EvaluateScript", "RunMicrotasks", "TimerFire"]);

/** Runs `action` under the browser's tracing; gives what it recorded. */
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

/** For each mark of this name: milliseconds that the thread it was made on worked, from the task of the mark until `length`
 *  milliseconds after it, and how many of them in script. Frames that followed are in it, and whatever else happened then. */
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

/** Milliseconds that at least one of the events took; they lie within each other. */
function covered(events) {
  let [sum, end] = [0, -Infinity];
  for (const { ts, dur } of [...events].sort((a, b) => a.ts - b.ts)) {
    sum += Math.max(0, ts + dur - Math.max(end, ts));
    end = Math.max(end, ts + dur);
  }
  return sum / 1000;
}
