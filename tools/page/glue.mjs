// The wasm and the script that wasm-bindgen writes for it, made small together: what nobody calls goes, imports get short
// names on both sides, what only tools read is left out, and what can wait comes in a module of its own.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optimised } from "./binaryen.mjs";
import { split } from "./split.mjs";
import { withImports, withoutCustomSections, withoutExports } from "./wasm.mjs";

// Classes that gloo-net's streams would hand to scripts. The page hands out none, and exports keep their code alive.
const STREAMS = /^(__wbg_)?intounderlying/i;
// What the oldest engines read (docs/engines.md).
const TARGET = "es2022";

/** The page's code as members load it: `{ modules, script, named }`. `entry` is the script around it. With `isSplit` it comes in
 *  two modules (split.mjs), and the entry starts it. `readable` leaves names as they are, for the
 *  browser's profiler. `quick` leaves out wasm-opt, for builds that are tried and not served. `named` is all of it in one, with the
 *  names of its functions. */
export function small(wasm, script, { entry, isSplit = false, readable = false, quick = false }) {
  const folder = mkdtempSync(join(tmpdir(), "member-page-"));
  const file = (name) => join(folder, name);
  try {
    // What is split is made small afterwards: before, functions would go into their callers on the other side.
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

/** wasm-bindgen's script for a module that was split: it gets the stand-ins from the entry, and the entry runs the page's `main`
 *  once it may. */
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

/** The script with the imports under their short names; those that the module no longer asks for are left out. */
function withShortNames(script, short) {
  const start = script.indexOf("const import0 = {");
  const end = script.indexOf("\n    };\n", start);
  if (start < 0 || end < 0) throw new Error("wasm-bindgen's script has another shape than tools/page/glue.mjs knows");
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
