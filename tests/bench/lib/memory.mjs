// Measures a page's memory.
import { readFileSync } from "node:fs";

/** Returns the bytes in use after garbage collection: the script's heap and the wasm's memory. */
export async function held(page, session) {
  // Twice: objects that the first run frees may have held others.
  for (let time = 0; time < 2; time++) await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return { heap: usedSize, wasm: await page.evaluate(() => window.wasmMemory?.buffer.byteLength ?? 0) };
}

/**
 * Returns the bytes of the page's process: its own memory, and its share of shared memory. `session` is the
 * browser's.
 */
export async function ofProcess(session) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => proportional(readFileSync(`/proc/${id}/smaps_rollup`, "utf8")));
  // A browser keeps an empty process ready for the next page, so the largest one counts.
  return Math.max(...sizes);
}

export function proportional(rollup) {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(rollup) ?? [];
  if (!kilobytes) throw new Error("the system does not say what memory a process has");
  return Number(kilobytes) * 1024;
}
