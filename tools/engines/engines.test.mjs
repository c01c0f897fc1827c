// The checks find what they should find.   node --test tools/engines/
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { newerThanFloor } from "./css.mjs";
import { FLOOR } from "./floor.mjs";
import { beyondFloor, inlineScripts } from "./javascript.mjs";
import { policyIn, unknownOf } from "./policy.mjs";
import { uncompilable } from "./wasm.mjs";

const found = (css) => newerThanFloor(css).map(({ what }) => what);

test("what newer engines brought is found in properties, values, units, selectors and rules", () => {
  assert.deepEqual(found("a { translate: 3px }"), ["translate"]);
  assert.deepEqual(found("a { color: color-mix(in srgb, red, blue) }"), ["color: color-mix()"]);
  assert.deepEqual(found("a { --tint: oklch(1 2 3) }"), ["--tint: oklch()"]);
  assert.deepEqual(found("a { height: 100dvh }"), ["height: dvh"]);
  assert.deepEqual(found("a:has(b) { color: red }"), [":has"]);
  assert.deepEqual(found("@layer base { a { color: red } }"), ["@layer"]);
  assert.deepEqual(found("a { & b { color: red } }"), ["a rule inside a rule"]);
  assert.deepEqual(found("@media (width >= 3px) { a { color: red } }"), ["a range in a media query"]);
  assert.deepEqual(found("a { colour: red }"), ["colour: no such property"]);
  assert.deepEqual(found("\n\na { translate: 3px }"), ["translate"]);
  assert.equal(newerThanFloor("\n\na { translate: 3px }")[0].line, 3);
});

test("what is guarded is let through, and only that", () => {
  assert.deepEqual(found("@supports (height: 100dvh) { a { height: 100dvh } }"), []);
  assert.deepEqual(found("@supports selector(:has(*)) { a:has(b) { color: red } }"), []);
  assert.deepEqual(found("a { height: 100vh; height: 100dvh }"), []);
  assert.deepEqual(found("@supports (display: grid) { a { height: 100dvh } }"), ["height: dvh"]);
  assert.deepEqual(found("a { height: 100dvh; height: 100vh }"), ["height: dvh"]);
  // Old engines accept it unread, and then have neither value.
  assert.deepEqual(found("a { height: 100vh; height: calc(100dvh - var(--x)) }"), ["height: dvh"]);
});

test("what the oldest engines know is let through", () => {
  assert.deepEqual(found("a { inset: 0; gap: 1px; aspect-ratio: 1; width: min(1px, 2vw); color: rgb(1 2 3 / 4%) }"), []);
  assert.deepEqual(found("a:focus-visible, a:is(b), a::before { color: red } dialog::backdrop { color: red }"), []);
});

test("scripts may use ES2022 but for static blocks", () => {
  assert.deepEqual(beyondFloor("a ??= b?.c; 1_000", false), []);
  assert.deepEqual(beyondFloor("const wasm = await start(); export default wasm", true), []);
  assert.deepEqual(beyondFloor("class A { #a = 1; static b = 2; #c() { return #a in this } }", false), []);
  assert.match(beyondFloor("class A { static { start() } }", false)[0], /static blocks/);
  assert.match(beyondFloor("await start()", false)[0], /Unexpected token/);
  assert.deepEqual(beyondFloor("list.toSorted(); button.showPopover(); list.map(String)", false), ["have no .toSorted", "have no .showPopover"]);
  const html = '<script src="/a.js"></script><script>one()</script><script type=module>two()</script>';
  assert.deepEqual(inlineScripts(html), [{ source: "one()", isModule: false }, { source: "two()", isModule: true }]);
});

test("a policy may have what the engines know that run the page under it", () => {
  assert.deepEqual(unknownOf("default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-0'; trusted-types member-page; report-to x"), []);
  const older = unknownOf("script-src 'wasm-unsafe-eval'", FLOOR);
  assert.deepEqual(older.length, 1);
  assert.match(older[0], /^script-src 'wasm-unsafe-eval' \(needs chrome 97, .*safari 16,/);
  assert.match(unknownOf("style-src-elem 'self'")[0], /^style-src-elem \(needs safari/);
  assert.deepEqual(unknownOf("no-such-src 'self'"), ["no-such-src (no such thing)"]);
  assert.deepEqual(unknownOf("script-src 'no-such-word'"), ["script-src 'no-such-word' (no such thing)"]);
});

test("the page's policy is found in the server's source", () => {
  const source = 'fn of_page(html: &str) {\n  format!(\n    "default-src \'none\'; script-src \'self\'{hashes}; \\\n     base-uri \'none\'; {reported}"\n  )';
  assert.equal(policyIn(source), "default-src 'none'; script-src 'self'; base-uri 'none'; ");
  assert.equal(policyIn("fn of_staff() {}"), "");
});

test("wasm may use what both engines have, whatever the module says of itself", () => {
  const directory = mkdtempSync(join(tmpdir(), "engines-test-"));
  // One type, one function of that type, and its code. The text of each code is beside it.
  const module = (result, code, custom = []) => {
    const body = [0, ...code, 0x0b];
    return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, result, 3, 2, 1, 0, 10, body.length + 2, 1, body.length, ...body, ...custom]);
  };
  const check = (bytes) => {
    writeFileSync(join(directory, "a.wasm"), bytes);
    return uncompilable(join(directory, "a.wasm"));
  };
  assert.equal(check(module(0x6f, [0xd0, 0x6f])), null); // ref.null extern
  const vector = [0xfd, 0x0c, ...new Array(16).fill(1)]; // v128.const
  assert.match(check(module(0x7b, vector)), /features should be allowed/);
  const name = [...new TextEncoder().encode("target_features")];
  const features = [1, 0x2b, 7, ...new TextEncoder().encode("simd128")];
  const section = [0, name.length + 1 + features.length, name.length, ...name, ...features];
  assert.match(check(module(0x7b, vector, section)), /features should be allowed/);
  rmSync(directory, { recursive: true });
});
