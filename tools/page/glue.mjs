// Makes the wasm and wasm-bindgen's script small together: removes unused functions and data for tools,
// shortens import names on both sides, and moves code that can wait into a second module.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optimised } from "./binaryen.mjs";
import { split } from "./split.mjs";
import { withImports, withoutCustomSections, withoutExports } from "./wasm.mjs";

// Classes that gloo-net's streams would pass to scripts. The page uses none, and exports keep their code
// alive.
const STREAMS = /^(__wbg_)?intounderlying/i;
// The syntax that the oldest engines read (docs/engines.md).
const TARGET = "es2022";

/**
 * Returns the page's code for members: `{ modules, script, named }`. `entry` is the script around the wasm.
 * With `isSplit` there are two modules (split.mjs), and the entry starts the page. `readable` keeps names,
 * for the browser's profiler. `quick` skips wasm-opt, for local builds. `named` is all code in one module,
 * with function names.
 */
export function small(wasm, script, { entry, isSplit = false, readable = false, quick = false }) {
  const folder = mkdtempSync(join(tmpdir(), "member-page-"));
  const file = (name) => join(folder, name);
  try {
    // A split module is optimised after the split. Before it, functions would be inlined into callers on the
    // other side.
    const own = withoutExports(wasm, (name) => STREAMS.test(name));
    const input = quick || isSplit ? own : optimised(own, { names: true });
    const short = new Map();
    const rename = (name) => {
      if (!short.has(name)) short.set(name, readable ? name : short.size.toString(36));
      return short.get(name);
    };
    const named = withImports(input, rename);
    const modules = isSplit ? split(named) : [named];
    const glue = withShortNames(script, short);
    writeFileSync(file("glue.js"), isSplit ? inTwo(glue) : glue);
    writeFileSync(file("start.js"), entry);
    const options = ["--bundle", ...(readable ? [] : ["--minify"]), "--format=esm", `--target=${TARGET}`, "--log-level=warning"];
    const bundled = String(execFileSync("esbuild", [file("start.js"), ...options]));
    return { modules: readable ? modules : modules.map(withoutCustomSections), script: bundled, named };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Adapts wasm-bindgen's script to a split module. The script gets the stand-ins from the entry. It does not
 * start the page: the entry runs the page's `main` when it may.
 */
function inTwo(script) {
  const changes = [
    [/"\.\/[^"]+_bg\.js": import0,\n/, (all) => `${all}        later,\n`],
    [/^ *wasm\.__wbindgen_start\(\);\n/m, () => ""],
  ];
  return changes.reduce((script, [from, to]) => {
    if (!from.test(script)) throw new Error(`wasm-bindgen's script has no ${from}: tools/page/glue.mjs has to learn its new shape`);
    return script.replace(from, to);
  }, `import { later } from "./start.js";\n${script}`);
}

/** The script with short import names. Imports that the module does not use are removed. */
function withShortNames(script, short) {
  const start = script.indexOf("const import0 = {");
  const end = script.indexOf("\n    };\n", start);
  if (start < 0 || end < 0) throw new Error("wasm-bindgen's script has another shape than tools/page/glue.mjs knows");
  // An entry is a name and a function. It starts at a line indented by two steps and ends before the next
  // such line.
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
