// Finishes trunk's build: makes wasm and script small, puts styles and script into the page, and seals it.
//   node tools/finish-dist.mjs dist            finish
//   node tools/finish-dist.mjs dist --weigh    also print the size of the wasm's code by owner
//   node tools/finish-dist.mjs dist --readable keep names, and all wasm in one file, for the browser's profiler
//   node tools/finish-dist.mjs dist --quick    like --readable, without wasm-opt, for `make run`
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { optimised } from "./page/binaryen.mjs";
import { small } from "./page/glue.mjs";
import { START_IN_ONE, assembled, stylesheets } from "./page/page.mjs";
import { seal } from "./page/seal.mjs";
import { byOwner, kilobytes } from "./page/size.mjs";
import { functions } from "./page/wasm.mjs";

const root = join(import.meta.dirname, "..");
const [dist = "dist", ...flags] = process.argv.slice(2);
const indexFile = join(dist, "index.html");
const builtBy = (ending) => {
  const file = readdirSync(dist).find((file) => /^member-page-[0-9a-f]+/.test(file) && file.endsWith(ending));
  if (!file) throw new Error(`${dist} holds nothing that trunk built: run 'make site'`);
  return file;
};
const hashed = (name, bytes, ending) => `${name}-${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}.${ending}`;

const [wasmFile, scriptFile] = [builtBy("_bg.wasm"), builtBy(".js")];
const isQuick = flags.includes("--quick");
const isReadable = isQuick || flags.includes("--readable");
// A standard library that was not built for size contains paths of its source. Identical functions are then
// merged and keep only one name, so the wasm cannot be split by names.
const wasm = readFileSync(join(dist, wasmFile));
const isInOne = isReadable || wasm.includes("library/core/src/");
const inTwo = () => ({ entry: readFileSync(join(root, "src/start.js"), "utf8"), isSplit: true });
const built = small(wasm, readFileSync(join(dist, scriptFile), "utf8"), {
  ...(isInOne ? { entry: START_IN_ONE } : inTwo()),
  readable: isReadable,
  quick: isQuick,
});
const trunkHtml = readFileSync(indexFile, "utf8");
const styleFiles = stylesheets(trunkHtml);
const minified = (files) => {
  const css = files.map((file) => readFileSync(join(dist, file), "utf8")).join("\n");
  return String(execFileSync("esbuild", ["--loader=css", "--minify", "--target=es2022", "--log-level=warning"], { input: css })).trim();
};
const [css, sheetsCss] = [minified(styleFiles.first), minified(styleFiles.sheets)];
for (const file of [wasmFile, scriptFile, ...styleFiles.first, ...styleFiles.sheets]) rmSync(join(dist, file));
const sheets = hashed("member-page-sheets", sheetsCss, "css");
writeFileSync(join(dist, sheets), sheetsCss);
const [first, rest] = built.modules.map((wasm, index) => {
  const file = hashed(index === 0 ? "member-page" : "member-page-rest", wasm, "wasm");
  writeFileSync(join(dist, file), wasm);
  return file;
});
const script = built.script.trim().replace("{{rest}}", `/${rest}`);
writeFileSync(indexFile, assembled(trunkHtml, { css, sheets, script, wasm: first }));

const tooHeavy = seal(dist);
if (flags.includes("--weigh")) {
  console.log("  code in the wasm before compression, by part of the page and by crate:");
  for (const [owner, bytes, count] of byOwner(functions(optimised(built.named, { names: true })))) {
    if (bytes >= 1024) console.log(`  ${kilobytes(bytes)} KB ${String(count).padStart(5)} functions  ${owner}`);
  }
}
if (tooHeavy.length > 0 && !isReadable) {
  for (const what of tooHeavy) console.error(`  ${what}: 'make size' says what weighs what`);
  process.exit(1);
}
