// Two modules of one: what a visit runs until card and code are there, and all else. The first calls functions of the second
// through its table, where stand-ins hold their places until the second puts its own in.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { functions, withExportNames, withFunctionNames, withImports, withTable } from "./wasm.mjs";

/** Under these names the first module looks for stand-ins, and the second for what the first has (src/start.js). */
const LATER = "later";
const FIRST = "first";
/** What the first exports for the second alone begins with this. */
const SHARED = "%";
/** The table of functions, in which src/start.js looks for what was put there. */
const TABLE = `${SHARED}table`;
// What rustc 1.95 and wasm-bindgen make use of; Debian's wasm-split does not read it off the module.
const FEATURES = ["bulk-memory", "sign-ext", "mutable-globals", "reference-types", "nontrapping-float-to-int", "multivalue"];
// The table of references to JavaScript's objects belongs to the glue, and what grows it has to be beside it.
const REFERENCES = "__wbindgen_externrefs";
const GROWS_REFERENCES = /externref/;
/** The module has two tables: of functions, and of references. */
const REFERENCES_TABLE = 1;

/** wasm-split's answer to `options` about a module whose functions are called `f0` and so on: the files that it was to write. */
function wasmSplit(wasm, options, outputs) {
  const folder = mkdtempSync(join(tmpdir(), "member-page-"));
  const file = (name) => join(folder, name);
  try {
    // It takes names a line each, which Rust's are not.
    writeFileSync(file("in.wasm"), withFunctionNames(wasm, (index) => `f${index}`));
    execFileSync("wasm-split", [...FEATURES.map((name) => `--enable-${name}`), file("in.wasm"), ...options(file)], { stdio: "inherit" });
    // Debian's, of 2022, exports the first table by whatever name.
    return outputs.map((name) => withTable(readFileSync(file(name)), REFERENCES, REFERENCES_TABLE));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The module, made small by wasm-opt. */
function smaller(wasm) {
  const options = [...FEATURES.map((name) => `--enable-${name}`), "-Oz", "--output=-", "-"];
  return execFileSync("wasm-opt", options, { input: wasm, maxBuffer: 2 ** 26, stdio: ["pipe", "pipe", "inherit"] });
}

/** Names are compared without what changes from build to build, or with any closure that is added. */
export const bare = (name) => name.replace(/\[[0-9a-f]+\]|(?<=\{(?:closure|shim))#\d+(?=\})/g, "");

/** A bare name, short enough to list thousands. */
export const mark = (name) => createHash("sha256").update(bare(name)).digest("hex").slice(0, 10);

/** The marks of the functions in the second module, as `make first-part` found them: whatever is new is in the first until it is
 *  known not to run there. */
export const LIST = join(import.meta.dirname, "rest.txt");
export const restMarks = () => new Set(readFileSync(LIST, "utf8").split("\n").filter((line) => line && !line.startsWith("#")));

// Which of their functions run depends on the member: whether the card has paid off, what a till has just done. None may be late.
const CARD_AND_CODE = /member_page::(i18n|features::(member_card|redemption_code|refund_banner)|app::(member|redemption))::/;
// What everything is made with runs by chance: one code of ten begins with a zero, which alone calls what fills a number up. Reading
// and writing of fractions is heavy, and only the lists do it.
const SHARED_CODE = new RegExp(
  `^<?(?:[&*]|mut )*(?:${[
    "core::(?:fmt|str|cell|char|iter|option|result)|core::num::(?!flt2dec|dec2flt|bignum|diy_float)|char|str|alloc|std|dlmalloc|hashbrown|indexmap",
    "[iu](?:8|16|32|64|size) as (?:core::fmt|alloc::string)",
    "reactive_graph|serde_core|serde_wasm_bindgen|wasm_bindgen|member_page::(?:clock|crypto|host|load|navigation|screen|store)",
  ].join("|")})(?:::|>)`,
);

// But not what it is made into for the lists and the sheets.
const MADE_FOR_THE_REST =
  /member_page::(features::(nearby_shops|shop_sheet|member_events|savings|reminders)|app::(shops|live|ledger|member_events|favourites|sheets|panels|shop_lookup))|wire::(shop|member_event|redemption)/;

const isShared = (name) => SHARED_CODE.test(name) && !MADE_FOR_THE_REST.test(name);
// What has no name is wasm-bindgen's own: what starts it all, for one.
const isNeverLate = (name) => name === "" || CARD_AND_CODE.test(name) || isShared(name) || GROWS_REFERENCES.test(name);

/** `[first, rest]` of a module whose functions have names; those with the marks `later` are in the rest, unless they may never be
 *  late. */
export function split(wasm, later) {
  const belongs = ({ name }) => isNeverLate(bare(name)) || !later.has(mark(name));
  const kept = functions(wasm).flatMap((one, index) => (belongs(one) ? [`f${index}`] : []));
  const options = (file) => {
    writeFileSync(file("kept"), kept.join("\n"));
    return [
      ...[`--keep-funcs=@${file("kept")}`, `--primary-output=${file("first")}`, `--secondary-output=${file("rest")}`],
      ...[`--placeholder-namespace=${LATER}`, `--import-namespace=${FIRST}`, `--export-prefix=${SHARED}`],
    ];
  };
  const short = new Map();
  const rename = (name) => {
    if (!name.startsWith(SHARED) || name === TABLE) return name;
    if (!short.has(name)) short.set(name, SHARED + short.size.toString(36));
    return short.get(name);
  };
  const [first, rest] = wasmSplit(wasm, options, ["first", "rest"]);
  // Apart from each other they can be made smaller once more.
  return [withExportNames(first, rename), withImports(rest, rename)].map(smaller);
}

/** The module, noting which of its functions run; `ran` reads the notes. */
export function noting(wasm) {
  return wasmSplit(wasm, (file) => ["--instrument", `--output=${file("out")}`], ["out"])[0];
}

/** Whether each function has run, by what the noting module's `__write_profile` wrote: a hash, then a number for each. */
export function ran(profile) {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  return Array.from({ length: (profile.byteLength - 8) / 4 }, (_, index) => view.getUint32(8 + 4 * index, true) > 0);
}
