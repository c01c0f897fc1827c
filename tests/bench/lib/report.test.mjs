import assert from "node:assert/strict";
import { test } from "node:test";
import { cell, markdown, placed, tabulate, terminal, verdict } from "./report.mjs";

test("a cell is the median with the 95th percentile, one value where they are the same, a dash where nothing was measured", () => {
  assert.equal(cell([100, 300, 200]), "200 (300)");
  assert.equal(cell([4, 4, 4]), "4");
  assert.equal(cell([0.25]), "0.25");
  assert.equal(cell([1234.5]), "1,235");
  assert.equal(cell([0.000_123]), "0.00012");
  assert.equal(cell(undefined), "–");
});

test("a target says whether it is met, and by how much it is missed", () => {
  const row = { unit: "ms", values: { page: [130, 130, 500], static: [100, 100, 90] } };
  assert.deepEqual(verdict(row, { of: "static", most: 1.3 }), { met: true, text: "1.30 ×, at most 1.3 × static file: met" });
  assert.deepEqual(verdict(row, { of: "static", most: 1 }), { met: false, text: "1.30 ×, at most 1 × static file: missed by 30 %" });
  assert.deepEqual(verdict(row, { most: 400, by: "max" }), { met: false, text: "500 ms, at most 400 ms, always: missed by 25 %" });
  assert.equal(verdict(row, { most: 400 }).met, true);
});

test("a miss that would round to nothing is still a miss", () => {
  const missed = verdict({ unit: "ms", values: { page: [100.1], preact: [100] } }, { of: "preact", most: 1 });
  assert.equal(missed.met, false);
  assert.match(missed.text, /missed by 1 %$/);
  assert.match(verdict({ unit: "", values: { page: [0.02] } }, { most: 0 }).text, /missed by 0.02$/);
});

test("columns are those who were measured", () => {
  const section = { rows: [{ figure: "code", unit: "ms", values: { page: [1], static: [2] }, targets: [{ most: 1 }] }] };
  const table = tabulate(section);
  assert.deepEqual(table.header, ["figure", "page", "static file", "aim"]);
  assert.deepEqual(table.lines, [["code, ms", "1", "2", "1 ms, at most 1 ms: met"]]);
  assert.match(markdown(table), /^\| figure \| page \| static file \| aim \|\n\| --- \|/);
  assert.equal(terminal(table).split("\n").length, 2);
});

test("what was measured is renewed, what was not stays, in order, and nothing else changes", () => {
  const document = "before\n<!-- Written by `make bench` from here on. -->\nold machine\n<!-- Until here. -->\nafter\n";
  const section = (figure, text) => ({ figure, text: `### Of ${figure} <!-- ${figure} -->\n\n${text}` });
  const figures = ["start", "list", "memory"];
  const once = placed(document, "machine", [section("memory", "5 MB"), section("start", "1 s")], figures);
  assert.equal(once, `before\n<!-- Written by \`make bench\` from here on. -->\n\nmachine\n\n${section("start", "1 s").text}\n\n${section("memory", "5 MB").text}\n\n<!-- Until here. -->\nafter\n`);
  assert.equal(placed(once, "machine", [section("start", "1 s")], figures), once);
  const twice = placed(once, "another", [section("list", "2 ms"), section("start", "3 s"), section("start", "and 4")], figures);
  const order = ["another", "3 s", "and 4", "2 ms", "5 MB", "after"].map((text) => twice.indexOf(text));
  assert.deepEqual(order, [...order].sort((a, b) => a - b));
  assert.ok(!/1 s|old|machine\n/.test(twice) && order.every((at) => at > 0), twice);
  assert.throws(() => placed("nothing to replace", "", [], figures));
});
