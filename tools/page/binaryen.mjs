// binaryen's tools, all of one version: Debian's package, which includes wasm-split.
import { execFileSync } from "node:child_process";
import { withTable } from "./wasm.mjs";

/**
 * The page's wasm features beyond WebAssembly's first version. The oldest engines, Chrome 96 and Safari 15.4,
 * have all of them (docs/engines.md). No SIMD: Safari has it only from 16.4.
 */
const FEATURES = [
  "mutable-globals", // mutable globals, imported and exported
  "sign-ext",
  "nontrapping-float-to-int",
  "multivalue",
  "bulk-memory", // memory.copy and memory.fill
  "reference-types", // externref, in which the glue passes JavaScript objects: the newest feature (Chrome 96, Safari 15)
];

/** Options that make binaryen accept these features, and those in the module's own feature list. */
export const FEATURE_OPTIONS = ["--mvp-features", ...FEATURES.map((name) => `--enable-${name}`)];

/**
 * How often wasm-opt processes the code. Each round allows savings in the next one; a fourth would save
 * nothing.
 */
const ROUNDS = Array(3).fill("-Oz");

// wasm-bindgen's module has two tables: functions, and references to JavaScript objects.
const REFERENCES = "__wbindgen_externrefs";
const REFERENCES_TABLE = 1;

/**
 * Repairs binaryen's output: Debian's version, of 2022, exports the first table under the name of every other
 * table.
 */
export const mended = (wasm) => withTable(wasm, REFERENCES, REFERENCES_TABLE);

/** Makes the module small with wasm-opt. `names` keeps the names of its functions. */
export function optimised(wasm, { names = false } = {}) {
  const options = [...FEATURE_OPTIONS, ...ROUNDS, ...(names ? ["--debuginfo"] : []), "--output=-", "-"];
  return mended(execFileSync("wasm-opt", options, { input: wasm, maxBuffer: 2 ** 26, stdio: ["pipe", "pipe", "inherit"] }));
}
