// What was measured, as a table for the terminal and for docs/performance.md: every figure beside those of the peers and what
// was aimed at.
//
// A row is `{ figure, unit, values: { page: [..], preact: [..], ... }, targets: [..] }`. A target is `{ most }`, for the page's
// median or, with `by: "max"`, for the worst; with `of` it is a multiple of that contender's median.
import { median, p95 } from "./statistics.mjs";

export const COLUMNS = ["page", "preact", "solid", "static"];
const TITLES = { page: "page", preact: "Preact", solid: "Solid", static: "static file" };

/** Whole numbers from a hundred on, one decimal from one on, two figures below: what is not nothing does not look like it. */
export function written(value) {
  if (value !== 0 && Math.abs(value) < 1) return value.toLocaleString("en", { maximumSignificantDigits: 2 });
  return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : 1 });
}

/** `median (p95)`, or the value where there is one only or all are the same. */
export function cell(values) {
  if (!values || values.length === 0) return "–";
  const [middle, high] = [median(values), p95(values)].map(written);
  return values.length === 1 || middle === high ? middle : `${middle} (${high})`;
}

/** What came of a target: `{ met, text }`. */
export function verdict({ values, unit }, { most, of = undefined, by = "median" }) {
  const summary = by === "max" ? Math.max : (...all) => median(all);
  const own = summary(...values.page);
  const value = of ? own / median(values[of]) : own;
  const met = value <= most;
  const aim = of ? `at most ${most} × ${TITLES[of]}` : `at most ${written(most)}${unit ? ` ${unit}` : ""}${by === "max" ? ", always" : ""}`;
  const is = of ? `${value.toFixed(2)} ×` : `${written(value)}${unit ? ` ${unit}` : ""}`;
  if (met) return { met, text: `${is}, ${aim}: met` };
  const by_ = most > 0 ? `${Math.max(1, Math.round((value / most - 1) * 100))} %` : is;
  return { met, text: `${is}, ${aim}: missed by ${by_}` };
}

/** A section's table: header and lines of texts. */
export function tabulate({ rows }) {
  const shown = COLUMNS.filter((name) => rows.some(({ values }) => values[name]?.length));
  const header = ["figure", ...shown.map((name) => TITLES[name]), "aim"];
  const lines = rows.map((row) => [
    row.unit ? `${row.figure}, ${row.unit}` : row.figure,
    ...shown.map((name) => cell(row.values[name])),
    (row.targets ?? []).map((target) => verdict(row, target).text).join("; "),
  ]);
  return { header, lines };
}

export function markdown({ header, lines }) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...lines.map(line)].join("\n");
}

export function terminal({ header, lines }) {
  const widths = header.map((_, column) => Math.max(...[header, ...lines].map((cells) => (cells[column] ?? "").length)));
  const line = (cells) => `  ${cells.map((text, column) => (column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]))).join("  ")}`;
  const last = header.length - 1;
  // The last column is words, which begin where they begin.
  return [header, ...lines].map((cells) => line(cells.slice(0, last)) + (cells[last] ? `  ${cells[last]}` : "")).join("\n");
}

const BEGIN = "<!-- Written by `make bench` from here on. -->";
const END = "<!-- Until here. -->";

const HEADING = /^### .* <!-- (\w+) -->$/;

/** The document with its generated part renewed: `machine` in place of what it says of the machine, each of the `sections`,
 *  `{ figure, text }`, in place of those of its figure. Those of figures that were not measured stay, in the order of `figures`. */
export function placed(document, machine, sections, figures) {
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the document lacks the lines ${BEGIN} and ${END}`);
  const before = document.slice(from + BEGIN.length, to).split(/^(?=### )/m).slice(1);
  const kept = before.map((text) => ({ figure: HEADING.exec(text.split("\n", 1)[0])?.[1], text: text.trim() }));
  const measured = new Set(sections.map(({ figure }) => figure));
  const all = [...kept.filter(({ figure }) => !measured.has(figure)), ...sections].filter(({ figure }) => figures.includes(figure));
  const sorted = figures.flatMap((name) => all.filter(({ figure }) => figure === name));
  const generated = [machine, ...sorted.map(({ text }) => text.trim())].join("\n\n");
  return `${document.slice(0, from + BEGIN.length)}\n\n${generated.trim()}\n\n${document.slice(to)}`;
}
