// The wasm and the script that wasm-bindgen writes for it, made small together: what nobody calls goes, imports get short
// names on both sides, and what only tools read is left out.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withImports, withoutCustomSections, withoutExports } from "./wasm.mjs";

// Classes that gloo-net's streams would hand to scripts. The page hands out none, and exports keep their code alive.
const STREAMS = /^(__wbg_)?intounderlying/i;
// What the oldest engines read (docs/engines.md).
const TARGET = "es2022";

/** `{ wasm, script, named }`: module and script as members load them, and the module with the names of its functions. `readable`
 *  leaves names as they are, for the browser's profiler. */
export function small(wasm, script, entry, readable = false) {
  const folder = mkdtempSync(join(tmpdir(), "member-page-"));
  const file = (name) => join(folder, name);
  try {
    writeFileSync(file("in.wasm"), withoutExports(wasm, (name) => STREAMS.test(name)));
    execFileSync("wasm-opt", ["-Oz", "--debuginfo", file("in.wasm"), "--output", file("out.wasm")], { stdio: "inherit" });
    const optimised = readFileSync(file("out.wasm"));
    const short = new Map();
    const rename = (name) => {
      if (!short.has(name)) short.set(name, readable ? name : short.size.toString(36));
      return short.get(name);
    };
    const renamed = withImports(optimised, rename);
    writeFileSync(file("glue.js"), withShortNames(script, short));
    writeFileSync(file("entry.js"), entry);
    const options = ["--bundle", ...(readable ? [] : ["--minify"]), "--format=esm", `--target=${TARGET}`, "--log-level=warning"];
    const bundled = execFileSync("esbuild", [file("entry.js"), ...options]);
    return { wasm: readable ? renamed : withoutCustomSections(renamed), script: bundled, named: optimised };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The script with the imports under their short names; those that the module no longer asks for are left out. */
function withShortNames(script, short) {
  const start = script.indexOf("const import0 = {");
  const end = script.indexOf("\n    };\n", start);
  if (start < 0 || end < 0) throw new Error("wasm-bindgen's script has another shape than tools/dist/glue.mjs knows");
  // One entry a line that is indented by two steps: a name and a function, to the next such line.
  const entries = script.slice(start, end).split(/\n(?= {8}[\w$]+:)/);
  const found = new Set();
  const kept = entries.flatMap((entry) => {
    const [, name] = /^ {8}([\w$]+):/.exec(entry) ?? [];
    if (name === undefined || name === "__proto__") return [entry];
    if (!short.has(name)) return [];
    found.add(name);
    return [entry.replace(/^ {8}[\w$]+:/, `        ${JSON.stringify(short.get(name))}:`)];
  });
  const missing = [...short.keys()].filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`wasm-bindgen's script lacks ${missing.join(", ")}`);
  return `${script.slice(0, start)}${kept.join("\n")}${script.slice(end)}`.replace(
    /^(export )?class IntoUnderlying[^]*?^}\n(if \(Symbol\.dispose\)[^\n]*\n)?/gm,
    "",
  );
}
