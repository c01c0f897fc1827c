// The size of the files that a first visit loads, each compressed by brotli at level 11.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IS_REST, brotli } from "../../../tools/page/size.mjs";
import { OURS } from "../lib/contenders.mjs";

const PAGE = 14 * 1024;
/** The service worker loads after the page and does not count. */
const counts = (file) => /\.(html|css|js|wasm)$/.test(file) && file !== "service-worker.js";

export async function measure({ served }) {
  const kinds = { "until card and code are shown": (file) => !IS_REST.test(file), "index.html": (file) => file === "index.html", "separate scripts and styles": (file) => /\.(css|js)$/.test(file), wasm: (file) => file.endsWith(".wasm") };
  const values = Object.fromEntries(["all files", ...Object.keys(kinds)].map((kind) => [kind, {}]));
  for (const { name, site } of served) {
    const files = readdirSync(site).filter(counts);
    const sizes = Object.fromEntries(files.map((file) => [file, brotli(readFileSync(join(site, file))).length / 1024]));
    const sum = (counts) => files.filter(counts).reduce((sum, file) => sum + sizes[file], 0);
    for (const [kind, counts] of Object.entries(kinds)) values[kind][name] = [sum(counts)];
    values["all files"][name] = [sum(() => true)];
  }
  const targets = { "index.html": [{ most: PAGE / 1024 }] };
  if (!(OURS in values["all files"])) throw new Error("the page itself was not measured");
  const rows = Object.entries(values).map(([kind, values]) => ({ figure: kind, unit: "KB", values, targets: targets[kind] }));
  return [{ title: "Weight, brotli-11", rows }];
}
