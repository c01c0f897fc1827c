// style/tokens.css has the dark theme twice, for dark systems and for roots that request it, since CSS cannot
// share declarations between a media query and a selector. Both must be equal.
//   node --test tools/tokens.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { need } from "./engines/floor.mjs";

const { parse, walk, generate } = need("css-tree");

/** The custom properties of both dark blocks: the system's and the root's. */
function dark(source) {
  const blocks = { system: [], root: [] };
  walk(parse(source, { parseCustomProperty: false }), {
    visit: "Rule",
    enter(rule) {
      const media = this.atrule?.prelude ? generate(this.atrule.prelude) : "";
      const selector = generate(rule.prelude);
      const block = media.includes("prefers-color-scheme:dark") ? blocks.system : selector.includes("data-theme=\"dark\"") || selector.includes("data-theme=dark") ? blocks.root : undefined;
      if (!block) return;
      for (const declaration of rule.block.children) {
        if (declaration.property.startsWith("--")) block.push(`${declaration.property}: ${generate(declaration.value).trim()}`);
      }
    },
  });
  return blocks;
}

test("both dark themes are the same", () => {
  const { system, root } = dark(readFileSync(join(import.meta.dirname, "../style/tokens.css"), "utf8"));
  assert.ok(system.length >= 10, `the dark theme was found: ${system.length} properties`);
  assert.deepEqual(root.toSorted(), system.toSorted());
});

test("one that differs, or stands in one block only, is seen", () => {
  const of = (system, root) => dark(`@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${system} } } :root[data-theme="dark"] { color-scheme: dark; ${root} }`);
  const same = of("--ink: #fff; --paper: #000", "--ink: #fff; --paper: #000");
  assert.deepEqual(same.root, same.system);
  for (const [system, root] of [["--ink: #fff", "--ink: #eee"], ["--ink: #fff; --paper: #000", "--ink: #fff"], ["", "--ink: #fff"]]) {
    const both = of(system, root);
    assert.notDeepEqual(both.root, both.system);
  }
});
