// Fails if the page needs more than the oldest engines have (docs/engines.md). Checks the source of the
// stylesheets, and the scripts and the wasm of a built page.
//   node tools/check-engines.mjs dist
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { newerThanFloor } from "./engines/css.mjs";
import { beyondFloor, inlineScripts } from "./engines/javascript.mjs";
import { policyIn, unknownOf } from "./engines/policy.mjs";
import { uncompilable } from "./engines/wasm.mjs";

const dist = process.argv[2] ?? "dist";
const root = join(import.meta.dirname, "..");
const findings = [];
const files = (directory, ending) => readdirSync(directory).filter((file) => file.endsWith(ending));

for (const file of ["style", "src/module"].flatMap((directory) => files(join(root, directory), ".css").map((file) => join(directory, file)))) {
  for (const { line, what, lacking } of newerThanFloor(readFileSync(join(root, file), "utf8"))) {
    findings.push(`${file}:${line}: ${what} is not in every engine of docs/engines.md (needs ${lacking.join(", ")}). Put it in an @supports, or a fallback before it.`);
  }
}
const scripts = [
  ...files(dist, ".js").map((file) => ({ file, source: readFileSync(join(dist, file), "utf8"), isModule: file !== "service-worker.js" })),
  ...files(dist, ".html").flatMap((file) => inlineScripts(readFileSync(join(dist, file), "utf8")).map((script) => ({ file, ...script }))),
];
for (const { file, source, isModule } of scripts) {
  for (const fault of beyondFloor(source, isModule)) findings.push(`${file}: the oldest engines ${fault}`);
}
const modules = files(dist, ".wasm");
for (const file of modules) {
  const fault = uncompilable(join(dist, file));
  if (fault) findings.push(`${file}: the oldest engines cannot compile it: ${fault}`);
}
const policy = policyIn(readFileSync(join(root, "crates/server/src/http/policy.rs"), "utf8"));
for (const what of unknownOf(policy)) findings.push(`the page's policy: ${what} is not in every engine that docs/engines.md promises.`);
if (!policy.includes("script-src")) findings.push("the page's policy is not where tools/engines/policy.mjs looks for it");
// Otherwise a directory without a built page would pass.
if (scripts.length < 3 || modules.length === 0) findings.push(`${dist} holds no built page: run 'make site' first`);

for (const finding of findings) console.error(`  ${finding}`);
process.exitCode = findings.length === 0 ? 0 : 1;
