import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FEATURE_OPTIONS, mended } from "./binaryen.mjs";
import { assembled, stylesheets } from "./page.mjs";
import { byOwner, excess, ownerOf, weigh } from "./size.mjs";
import { bare, isLater, split } from "./split.mjs";
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

/** Makes a module from its text with wasm-as. */
const wat = (text) => mended(execFileSync("wasm-as", ["-", ...FEATURE_OPTIONS, "--debuginfo", "--output=-"], { input: text, maxBuffer: 2 ** 24 }));

const SPLITTABLE = `(module
  (import "m" "add" (func $add (param i32 i32) (result i32)))
  (table $functions 1 1 funcref)
  (table $references 2 externref)
  (memory (export "memory") 1)
  (elem (table $functions) (i32.const 0) func $own:b)
  (export "__wbindgen_externrefs" (table $references))
  (func $own:a (export "sum") (result i32) (call $add (call $own:b) (i32.const 1)))
  (func $own:b (result i32) (i32.const 41)))`;

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

test("a bare name is the same in another build", () => {
  assert.equal(bare("<a[1f]::B as c[2e]::D>::e::{closure#3}"), "<a::B as c::D>::e::{closure#3}");
  assert.equal(bare("<[u8]>::f::{shim:vtable#1}"), "<[u8]>::f::{shim:vtable#1}");
});

test("what a split module lacks is waited for, and then is there", () => {
  const whole = wat(SPLITTABLE.replaceAll("own:b", "member_page::features::nearby_shops::b"));
  const [first, rest] = split(whole);
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

test("lists, sheets and live updates come later, and what makes their state does not", () => {
  for (const [name, later] of [
    ["member_page[1f]::features::nearby_shops::row::__component_shop_row", true],
    ["<member_page[1f]::app::shops::ShopState>::load_more", true],
    ["<member_page[1f]::app::shops::ShopState>::new", false],
    ["<member_page[1f]::app::shops::ShopState>::new::{closure#1}", false],
    ["<light_leptos[2e]::reactive::memo::Memo<member_domain[3]::search::SearchQuery>>::get", true],
    ["member_page[1f]::api::decode::<member_domain[3]::wire::shop::ShopPage>", true],
    ["<member_domain[3]::wire::shop::Shop as core[4]::clone::Clone>::clone", false],
    ["member_page[1f]::features::redemption_code::result::__component_redemption_result", true],
    ["member_page[1f]::features::redemption_code::panel::__component_code_panel", false],
    ["<page_core[5]::redemptions::Redemptions>::update", false],
    // Forgetting a credential at sign-out, and texts for an unknown outcome, must not need the second file.
    ["<member_page[1f]::store::Store>::forget_credential::{closure#0}", false],
    ["member_page[1f]::features::redemption_code::pin::state_text", false],
    ["<page_core[5]::shop_list::ShopList>::append", true],
    ["core[4]::ptr::drop_in_place::<member_page[1f]::features::nearby_shops::list::ShopList>", false],
    ["main", false],
    ["", false],
  ]) {
    assert.equal(isLater(name), later, name);
  }
});

test("code belongs to the part of the page that it was made for, else to its crate", () => {
  for (const [name, owner] of [
    ["member_page[1]::features::savings::words::sentences", "page features::savings"],
    ["<light_leptos[2]::reactive::memo::Memo<member_page[1]::app::basis::Basis>>::new", "page app::basis"],
    ["light_leptos[2]::reactive::cell::load", "light_leptos"],
    ["core[2]::ptr::drop_in_place::<member_page[1]::clock::Mark>", "page clock"],
    ["<alloc[3]::vec::Vec<u8>>::push", "alloc"],
    ["__wbindgen_malloc", "wasm-bindgen's exports"],
    ["", "without a name"],
  ]) {
    assert.equal(ownerOf(name), owner, name);
  }
  assert.deepEqual(byOwner([{ name: "a::b", bytes: 1 }, { name: "c::d", bytes: 5 }, { name: "a::e", bytes: 2 }]), [["c", 5, 1], ["a", 3, 2]]);
});

test("a page too heavy for the first answer is said", () => {
  assert.deepEqual(excess({ html: 14 * 1024 }), []);
  assert.match(excess({ html: 15 * 1024 })[0], /index\.html is 15\.0 KB/);
});

test("what comes behind card and code counts in all only", () => {
  const file = (name, bytes) => ({ name, compressed: Buffer.alloc(bytes) });
  assert.deepEqual(weigh([file("index.html", 3), file("member-page-1.wasm", 5), file("member-page-rest-2.wasm", 7)]), { html: 3, first: 8, total: 15 });
});
