// How much memory a page holds.
import { readFileSync } from "node:fs";

/** Bytes after everything that nobody needs is gone: the script's heap, and the wasm's memory. */
export async function held(page, session) {
  // Twice: what the first frees can be all that held something else.
  for (let time = 0; time < 2; time++) await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return { heap: usedSize, wasm: await page.evaluate(() => window.wasmMemory?.buffer.byteLength ?? 0) };
}

/** Bytes of memory that only the page's process has, and its share of what it has with others. `session` is the browser's. */
export async function ofProcess(session) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => proportional(readFileSync(`/proc/${id}/smaps_rollup`, "utf8")));
  // A browser keeps an empty process ready for the next page.
  return Math.max(...sizes);
}

export function proportional(rollup) {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(rollup) ?? [];
  if (!kilobytes) throw new Error("the system does not say what memory a process has");
  return Number(kilobytes) * 1024;
}
