// Measures the page beside its peers, prints every figure with what was aimed at, and writes them into docs/performance.md.
//   node tests/bench/bench.mjs            everything; about an hour and a half
//   node tests/bench/bench.mjs --quick    fewer of everything, no marathons, nothing written
//   node tests/bench/bench.mjs start list only these figures; others stay in the document as they were
// It reports: no figure makes it fail. A page that does not do what is measured does.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { options } from "./lib/browser.mjs";
import { start, stop } from "./lib/contenders.mjs";
import { verify } from "./lib/decode.mjs";
import { markdown, placed, tabulate, terminal, verdict } from "./lib/report.mjs";

const root = join(import.meta.dirname, "../..");
const DOCUMENT = join(root, "docs/performance.md");
const FIGURES = ["weight", "start", "rotation", "drawing", "list", "memory", "sheets", "build", "backend"];

const began = Date.now();
// Of others: this run has not begun.
const [load] = loadavg();
const say = (text) => console.error(`\x1b[2m[bench ${((Date.now() - began) / 60_000).toFixed(1).padStart(5)} min] ${text}\x1b[0m`);

/** What the figures are of, which mean little without it: the machine, and of which revision and when. */
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
    of: `Measured ${new Date().toISOString().slice(0, 10)}, ${revision}; the machine's load before was ${load.toFixed(1)}.`,
  };
}

const tablesOf = (section) => [...(section.rows ? [{ title: "", ...tabulate(section) }] : []), ...(section.tables ?? [])];

function print(section) {
  console.log(`\n\x1b[1m${section.title}\x1b[0m`);
  for (const table of tablesOf(section)) console.log(terminal(table));
  if (section.text) console.log(section.text.replace(/^/gm, "  "));
}

function written(section, of) {
  const tables = tablesOf(section).map(markdown);
  const text = [`### ${section.title} <!-- ${section.figure} -->`, ...tables, ...(section.text ? [section.text] : []), of].join("\n\n");
  return { figure: section.figure, text };
}

const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const quick = process.argv.includes("--quick");
const unknown = names.filter((name) => !FIGURES.includes(name));
if (unknown.length > 0) throw new Error(`there is no figure ${unknown.join(", ")}; there are ${FIGURES.join(", ")}`);

say("peers are built, each contender gets a server of its own");
// The quick one has one peer.
const served = await start(["page", "preact", ...(quick ? [] : ["solid"]), "static"]);
process.on("exit", () => stop(served));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
say("each contender's code is read from the screen and redeemed");
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
for (const { title, row, text } of missed) console.log(`  ${title}: ${row.figure}: ${text}`);
if (quick) {
  say("docs/performance.md is left as it is: this was quick");
} else {
  const { machine, of } = conditions();
  const made = sections.map((section) => written(section, of));
  writeFileSync(DOCUMENT, placed(readFileSync(DOCUMENT, "utf8"), machine, made, FIGURES));
  say("written to docs/performance.md");
}
process.exit();
