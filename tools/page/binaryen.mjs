// binaryen's tools, all of one version: Debian's package, which has wasm-split.
import { execFileSync } from "node:child_process";
import { withTable } from "./wasm.mjs";

/** What the page's wasm uses beyond the first version of WebAssembly, all of it known to the oldest engines, Chrome 96 and Safari 15.4
 *  (docs/engines.md). No SIMD: Safari has it from 16.4 on. */
const FEATURES = [
  "mutable-globals", // imported and exported globals that change
  "sign-ext",
  "nontrapping-float-to-int",
  "multivalue",
  "bulk-memory", // memory.copy and memory.fill
  "reference-types", // externref, in which the glue hands over JavaScript objects: the newest of them (Chrome 96, Safari 15)
];

/** The options with which binaryen reads these features, and those that the module lists in a section of its own. */
export const FEATURE_OPTIONS = ["--mvp-features", ...FEATURES.map((name) => `--enable-${name}`)];

/** How often wasm-opt goes over the code. Each time it finds what the time before made possible; a fourth would save nothing. */
const ROUNDS = Array(3).fill("-Oz");

// wasm-bindgen's module has two tables: of functions, and of references to JavaScript's objects.
const REFERENCES = "__wbindgen_externrefs";
const REFERENCES_TABLE = 1;

/** A module as binaryen was to write it: Debian's, of 2022, exports the first table under the name of every other. */
export const mended = (wasm) => withTable(wasm, REFERENCES, REFERENCES_TABLE);

/** The module, made small by wasm-opt; `names` keeps the names of its functions. */
export function optimised(wasm, { names = false } = {}) {
  const options = [...FEATURE_OPTIONS, ...ROUNDS, ...(names ? ["--debuginfo"] : []), "--output=-", "-"];
  return mended(execFileSync("wasm-opt", options, { input: wasm, maxBuffer: 2 ** 26, stdio: ["pipe", "pipe", "inherit"] }));
}
