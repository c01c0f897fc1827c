import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assembled, stylesheets } from "./page.mjs";
import { byOwner, excess, ownerOf, weigh } from "./size.mjs";
import { bare, mark, ran, split } from "./split.mjs";
import { functions, withExportNames, withFunctionNames, withImports, withoutCustomSections, withoutExports } from "./wasm.mjs";

// (module (import "m" "long_name" (func)) (import "m" "memory" (memory 1)) (func (export "kept") (call 0)) (func (export "gone")))
const MODULE = Buffer.from(
  "0061736d01000000" + // header
    "010401600000" + // type () -> ()
    "021b02016d096c6f6e675f6e616d650000016d066d656d6f7279020001" + // imports
    "0303020000" + // functions
    "070f02046b6570740001" + "04676f6e650002" + // exports
    "0a0902040010000b02000b" + // code
    "0016046e616d65010f0201" + "056f77" + "6e3a61" + "0205" + "6f776e3a62", // names: 1 "own:a", 2 "own:b"
  "hex",
);

/** A module from its text, by wasm-as. */
const wat = (text) => execFileSync("wasm-as", ["-", "--all-features", "--debuginfo", "--output=-"], { input: text, maxBuffer: 2 ** 24 });

const SPLITTABLE = `(module
  (import "m" "add" (func $add (param i32 i32) (result i32)))
  (table $functions 1 1 funcref)
  (table $references 2 externref)
  (memory (export "memory") 1)
  (elem (table $functions) (i32.const 0) func $"own:b")
  (export "__wbindgen_externrefs" (table $references))
  (func $"own:a" (export "sum") (result i32) (call $add (call $"own:b") (i32.const 1)))
  (func $"own:b" (result i32) (i32.const 41)))`;

test("the module of these tests is one", () => assert.ok(WebAssembly.validate(MODULE)));

test("functions are told with their names and sizes, imports not among them", () => {
  assert.deepEqual(functions(MODULE), [
    { name: "own:a", bytes: 4 },
    { name: "own:b", bytes: 2 },
  ]);
});

test("imports get other names, of whatever kind, and the module still works", () => {
  const renamed = withImports(MODULE, (name) => name.slice(0, 2));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(renamed), { m: { lo() {}, me: new WebAssembly.Memory({ initial: 1 }) } });
  assert.equal(exports.kept(), undefined);
});

test("exports go and others stay; so do sections for tools", () => {
  const small = withoutCustomSections(withoutExports(MODULE, (name) => name === "gone"));
  assert.deepEqual(WebAssembly.Module.exports(new WebAssembly.Module(small)).map(({ name }) => name), ["kept"]);
  assert.deepEqual(functions(small).map(({ name }) => name), ["", ""]);
});

test("functions get other names and keep their code", () => {
  const renamed = withFunctionNames(MODULE, (index) => `f${index}`);
  assert.deepEqual(functions(renamed), [{ name: "f0", bytes: 4 }, { name: "f1", bytes: 2 }]);
  const exported = withExportNames(MODULE, (name) => `%${name}`);
  assert.deepEqual(WebAssembly.Module.exports(new WebAssembly.Module(exported)).map(({ name }) => name), ["%kept", "%gone"]);
});

test("a bare name is the same in another build, and beside another closure", () => {
  assert.equal(bare("<a[1f]::B as c[2e]::D>::e::{closure#3}::{closure#0}"), "<a::B as c::D>::e::{closure}::{closure}");
  assert.equal(bare("<[u8]>::f::{shim:vtable#1}"), "<[u8]>::f::{shim:vtable#1}");
});

test("what a split module lacks is waited for, and then is there", () => {
  const whole = wat(SPLITTABLE);
  const [first, rest] = split(whole, new Set([mark("own:b")]));
  const asked = [];
  let exports;
  const later = new Proxy({}, {
    get: (_, place) => () => {
      asked.push(place);
      new WebAssembly.Instance(new WebAssembly.Module(rest), { first: exports });
      return exports["%table"].get(Number(place))();
    },
  });
  ({ exports } = new WebAssembly.Instance(new WebAssembly.Module(first), { later, m: { add: (a, b) => a + b } }));
  assert.equal(exports.sum(), 42);
  assert.equal(exports.sum(), 42);
  assert.equal(asked.length, 1, "once only");
});

test("what card and code are made of is never late, whatever ran", () => {
  const inRest = (name) => functions(split(wat(SPLITTABLE.replaceAll("own:a", name)), new Set([mark(name), mark("own:b")]))[1]).length;
  assert.equal(inRest("member_page[1f]::features::savings::total"), 2);
  for (const name of ["member_page[1f]::features::redemption_code::result::said", "<core[2e]::fmt::Formatter>::padding"]) assert.equal(inRest(name), 1, name);
});

test("what has run is read from its notes", () => {
  assert.deepEqual(ran(Buffer.from("0102030405060708" + "00000000" + "02000000" + "00000100", "hex")), [false, true, true]);
});

test("code belongs to the part of the page that it was made for, else to its crate", () => {
  for (const [name, owner] of [
    ["member_page[1]::features::savings::words::sentences", "page features::savings"],
    ["<member_page[1]::reactive::memo::Memo<member_page[1]::app::basis::Basis>>::new", "page app::basis"],
    ["member_page[1]::reactive::cell::at", "page reactive"],
    ["core[2]::ptr::drop_in_place::<member_page[1]::clock::Mark>", "page clock"],
    ["<alloc[3]::vec::Vec<u8>>::push", "alloc"],
    ["__wbindgen_malloc", "wasm-bindgen's exports"],
    ["", "without a name"],
  ]) {
    assert.equal(ownerOf(name), owner, name);
  }
  assert.deepEqual(byOwner([{ name: "a::b", bytes: 1 }, { name: "c::d", bytes: 5 }, { name: "a::e", bytes: 2 }]), [["c", 5, 1], ["a", 3, 2]]);
});

const KB = 1024;

test("what is too heavy is said", () => {
  const light = { html: 10 * KB, first: 50 * KB, total: 100 * KB, isPlain: false };
  assert.deepEqual(excess(light), []);
  assert.match(excess({ ...light, total: 1_000 * KB })[0], /transfer is 1000\.0 KB/);
  assert.match(excess({ ...light, first: 200 * KB })[0], /before card and code is 200\.0 KB/);
  assert.match(excess({ ...light, html: 15 * KB })[0], /index\.html is 15\.0 KB.*14\.0/);
  assert.deepEqual(excess({ ...light, total: 250 * KB, isPlain: true }), []);
  assert.equal(excess({ ...light, total: 250 * KB }).length, 1);
});

test("what comes behind card and code counts in all only", () => {
  const file = (name, bytes, text = "") => ({ name, bytes: Buffer.from(text), compressed: Buffer.alloc(bytes) });
  const files = [file("index.html", 3), file("member-page-1.wasm", 5, "…/library/core/src/str.rs…"), file("member-page-rest-2.wasm", 7)];
  assert.deepEqual(weigh(files), { html: 3, first: 8, total: 15, isPlain: true });
  assert.equal(weigh([file("member-page-1.wasm", 5)]).isPlain, false);
});

const TRUNK = `<!doctype html><head><meta charset=utf-8><title>x</title><link rel=stylesheet href="/a-1.css" integrity=sha384-x><link href=/b-2.css rel=stylesheet>
<script type=module>import init from '/p.js';dispatchEvent(new CustomEvent("TrunkApplicationStarted"))</script><link rel=modulepreload href=/p.js><link as=fetch rel=preload href=/p.wasm></head><body></body>`;

test("the page holds its styles and its script, once each, and asks for the wasm first", () => {
  assert.deepEqual(stylesheets(TRUNK), ["a-1.css", "b-2.css"]);
  const html = assembled(TRUNK, { css: "a{color:$&}", script: "start('$1')", wasm: "p-9.wasm" });
  assert.equal(html.match(/<style>/g).length, 1);
  assert.ok(html.includes("<style>a{color:$&}</style>") && html.includes("<script type=\"module\">start('$1')</script>"));
  assert.ok(!/\.css|\.js|modulepreload|integrity/.test(html), html);
  // Asked for by a hint before any script, and by a script before any style.
  const hint = html.indexOf('<link rel="preload" as="fetch" href="/p-9.wasm" crossorigin>');
  const script = html.indexOf('fetch("/p-9.wasm")');
  assert.ok(hint > 0 && hint < script && script < html.indexOf("<title>"), html);
  assert.equal(html.indexOf("<script"), html.lastIndexOf("<script", script));
});

/** What the script in `index.html` leaves for the page's code, where `fetch` answers so and the device keeps `last`. */
async function memberState(fetch, { taken = false, last = null, ...more } = {}) {
  const { AbortSignal } = { AbortSignal: { timeout: () => ({ aborted: false }) }, ...more };
  const [, script] = /<script>(.*?)<\/script>/s.exec(readFileSync(join(import.meta.dirname, "../../index.html"), "utf8"));
  const window = { AbortSignal };
  const globals = {
    ...{ window, fetch, AbortSignal, performance: { now: () => 7 }, Date: { now: () => 9 }, localStorage: { getItem: (name) => (name === "last-me" ? last : null) } },
    ...{ navigator: {}, indexedDB: { open: () => ({}) }, setTimeout() {}, addEventListener() {}, HTMLScriptElement: { prototype: { noModule: true } } },
    document: { documentElement: {} },
  };
  new Function(...Object.keys(globals), script)(...Object.values(globals));
  const promise = window.memberPageMe;
  if (taken) delete window.memberPageMe;
  return { came: await promise, left: window.memberPageMe };
}

test("the member's state is there for the page with when it was asked for, on its way or arrived", async () => {
  const asked = [];
  const answer = async (path, { signal }) => (asked.push([path, signal]), { status: 401, text: async () => "no" });
  const state = [401, "no", 7, 9, 7];
  const AbortSignal = { timeout: (length) => ({ length, aborted: false }) };
  assert.deepEqual(await memberState(answer, { AbortSignal }), { came: state, left: state });
  assert.deepEqual(asked, [["/v1/me", { length: 8_000, aborted: false }]]);
  assert.deepEqual(await memberState(answer, { taken: true }), { came: state, left: undefined });
});

test("asking for it fails, takes too long, or is left to the page", async () => {
  const gone = () => Promise.reject(new TypeError("Failed to fetch"));
  assert.deepEqual(await memberState(gone), { came: 0, left: 0 });
  assert.deepEqual(await memberState(gone, { AbortSignal: { timeout: () => ({ aborted: true }) } }), { came: 1, left: 1 });
  const nobody = () => assert.fail("it was asked for");
  for (const left of [{ last: "{}" }, { AbortSignal: undefined }, { AbortSignal: {} }]) {
    assert.deepEqual(await memberState(nobody, left), { came: undefined, left: undefined });
  }
});

test("a script that would end before its end is refused, and so is another trunk's page", () => {
  assert.throws(() => assembled(TRUNK, { css: "", script: "'</script>'", wasm: "p" }), /before its end/);
  assert.throws(() => assembled("<!doctype html>", { css: "", script: "", wasm: "p" }), /another way/);
});
