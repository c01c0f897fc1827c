// Measures the page and its peers, prints every figure with its aims, and writes them into
// docs/performance.md.
//   node tests/bench/bench.mjs            everything; about an hour and a half
//   node tests/bench/bench.mjs --quick    fewer samples, no long measurements; writes nothing
//   node tests/bench/bench.mjs start list only these figures; the document keeps the others
// A missed aim is not a failure. A page that does not work is one.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { options } from "./lib/browser.mjs";
import { start, stop } from "./lib/contenders.mjs";
import { verify } from "./lib/decode.mjs";
import { cell, markdown, markdownOf, placed, tabulate, terminal, verdict } from "./lib/report.mjs";

const root = join(import.meta.dirname, "../..");
const DOCUMENT = join(root, "docs/performance.md");
const FIGURES = ["weight", "start", "rotation", "drawing", "list", "memory", "sheets", "build", "backend"];

const began = Date.now();
// Read before the run adds load of its own.
const [load] = loadavg();
const say = (text) => console.error(`\x1b[2m[bench ${((Date.now() - began) / 60_000).toFixed(1).padStart(5)} min] ${text}\x1b[0m`);

/** Describes the conditions of the figures: machine, revision, date and load. */
function conditions() {
  const run = (...command) => execFileSync(command[0], command.slice(1), { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  const changed = run("git", "-C", root, "status", "--porcelain", "--untracked-files=no") ? ", with changes" : "";
  const [{ model }] = cpus();
  const revision = `revision ${run("git", "-C", root, "rev-parse", "--short", "HEAD")}${changed}`;
  const machine = [
    `${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB of memory, Linux ${run("uname", "-r")}`,
    run(options.executablePath, "--version").replace(/ built on.*/, ""),
    `Node.js ${process.version}, ${run("rustc", "--version")}`,
  ];
  return {
    machine: machine.map((line) => `- ${line}`).join("\n"),
    of: `Measured ${new Date().toISOString().slice(0, 10)}, ${revision}, load ${load.toFixed(1)}.`,
  };
}

const tablesOf = (section) => [...(section.rows ? [{ title: "", ...tabulate(section) }] : []), ...(section.tables ?? [])];

function print(section) {
  console.log(`\n\x1b[1m${section.title}\x1b[0m`);
  for (const table of tablesOf(section)) console.log(terminal(table));
  if (section.text) console.log(section.text.replace(/^/gm, "  "));
}

function written(section, of) {
  const tables = [...(section.rows ? [markdownOf(section)] : []), ...(section.tables ?? []).map(markdown)];
  const text = [`### ${section.title} <!-- ${section.figure} -->`, ...tables, ...(section.text ? [section.text] : []), of].join("\n\n");
  return { figure: section.figure, text };
}

const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const quick = process.argv.includes("--quick");
const unknown = names.filter((name) => !FIGURES.includes(name));
if (unknown.length > 0) throw new Error(`unknown figure: ${unknown.join(", ")}; known figures: ${FIGURES.join(", ")}`);

say("building the peers, starting a server for each contender");
// A quick run has one peer.
const served = await start(["page", "preact", ...(quick ? [] : ["solid"]), "static"]);
process.on("exit", () => stop(served));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
say("decoding and redeeming the code of each contender");
await verify(served);

const sections = [];
for (const name of FIGURES.filter((figure) => names.length === 0 || names.includes(figure))) {
  const { measure } = await import(`./figures/${name}.mjs`);
  for (const section of await measure({ served, quick, say })) {
    sections.push({ ...section, figure: name });
    print(section);
  }
}

const aims = sections.flatMap(({ title, rows = [] }) => rows.flatMap((row) => (row.targets ?? []).map((target) => ({ title, row, ...verdict(row, target) }))));
const missed = aims.filter(({ met }) => !met);
console.log(`\n${aims.length - missed.length} of ${aims.length} aims met${missed.length > 0 ? "; missed:" : ""}`);
for (const { title, row, text } of missed) console.log(`  ${title}: ${row.figure}: ${cell(row.values.page)}${row.unit ? ` ${row.unit}` : ""}; ${text}`);
if (quick) {
  say("quick run: docs/performance.md is unchanged");
} else {
  const { machine, of } = conditions();
  const made = sections.map((section) => written(section, of));
  writeFileSync(DOCUMENT, placed(readFileSync(DOCUMENT, "utf8"), machine, made, FIGURES));
  say("docs/performance.md is updated");
}
process.exit();
