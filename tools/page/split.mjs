// Splits the wasm into two modules: the page with card and code, and the lists with the sheets over them. The
// first calls functions of the second through its table. Stand-ins are in the table until the second replaces
// them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FEATURE_OPTIONS, mended, optimised } from "./binaryen.mjs";
import { functions, withExportNames, withFunctionNames, withImports } from "./wasm.mjs";

/**
 * Import namespaces: of the stand-ins in the first module, and of the first module's exports in the second
 * (src/start.js).
 */
const STAND_INS = "later";
const FIRST = "first";
/** Prefix of the first module's exports that only the second uses. */
const SHARED = "%";
/** The exported table of functions. src/start.js reads the second module's functions from it. */
const TABLE = `${SHARED}table`;
// The table of JavaScript references belongs to the glue. Functions that grow it must be in the same module.
const GROWS_REFERENCES = /externref/;

/** Names the functions `f0` and so on, runs wasm-split with `options`, and returns the output files. */
function wasmSplit(wasm, options, outputs) {
  const folder = mkdtempSync(join(tmpdir(), "member-page-"));
  const file = (name) => join(folder, name);
  try {
    // wasm-split takes one name per line, and Rust's names do not fit.
    writeFileSync(file("in.wasm"), withFunctionNames(wasm, (index) => `f${index}`));
    execFileSync("wasm-split", [...FEATURE_OPTIONS, file("in.wasm"), ...options(file)], { stdio: "inherit" });
    return outputs.map((name) => mended(readFileSync(file(name))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// The rule: lists, the sheets over them, live updates, and their state are in the second module. A function
// belongs there if its name, with its type parameters, has one of these paths.
const LATER = [
  "member_page::features::(?:nearby_shops|shop_sheet|member_card::pill|member_events|reminders|savings::(?:card|ledger|months|__component))",
  "member_page::features::(?:refund_banner::(?:details|timeline|announcement)|redemption_code::(?:pin::__component|result))",
  "member_page::app::(?:shops|favourites|ledger|live|member_events|panels|sheets)",
  "member_page::app::pin::PinTries>::(?:redeem|handle|run_effect|to_ledger_entry)",
  "page_core::pin::PinTries>::(?:update|handle_answer|handle_outcome|handle_refusal|settle|complete)",
  "member_page::api::(?:member_events|live|stream)",
  "member_page::api::Api>::(?:shops?|shops_with|member_events|sign_up|cancel_sign_up|ledger_address|ledger_file|live_events|latest_redemptions|earlier_redemptions|change_favourites)\\b",
  "member_page::(?:geolocation|handover|unicode|navigation::list_(?:address|scroll)|app::(?:Footer|__component_footer)|ui::(?:choice|language_choice|LanguageChoice|stale))",
  "member_page::i18n::Language>::(?:open_state|price_band)",
  "page_core::(?:favourites|ledger|live|place|shop_list|shop_query|shops|sign_ups|street|worked_ways)",
  "member_page::app::redemption::RedemptionState>::(?:worked_ways?|record_way)\\b",
  "member_page::screen::use_in_view",
  "page_core::redemptions::Redemptions>::(?:handle_report|handle_pin_redemption)",
  "member_domain::(?:nearby|place|search|shop_filter|reminder)",
  "member_domain::wire::(?:favourite|member_event|redemption::LedgerPage)",
  // Only the second module deserialises shops and redemptions. The code sheet also uses the resulting types.
  "(?:serde|api::decode).*member_domain::(?:place|wire::(?:shop|redemption)|shop::(?:Category|FilterKind|RedeemMethod|CodeForm))",
  "member_domain::(?:place|wire::(?:shop|redemption)|shop::(?:Category|FilterKind|RedeemMethod|CodeForm)).*serde",
  // Only distances are fractions, and only lists have rows that move.
  "core::(?:fmt::float|num::(?:flt2dec|dec2flt|bignum|diy_float))",
  "f64 as core::fmt",
  "compiler_builtins::math::libm_math",
  "light_leptos::view::keyed",
  // Details of an answer that cannot be read.
  "serde_core::de::(?:Unexpected|OneOf)",
  "serde_wasm_bindgen::de::Deserializer>::invalid_type_",
  // gloo-net's streams, which the page does not use.
  "wasm_streams",
];
const IS_LATER = new RegExp(`\\b(?:${LATER.join("|")})`);
/** Exceptions: the empty state of the lists is created at the start, and values are dropped in any place. */
const IS_FIRST = /^core::ptr::drop_in_place|>::(?:new|start)$|app::\w+::\w+>::(?:new|start)\b|^light_leptos::reactive::cell::erase|i18n::messages::Messages/;

/** A name without the crates' hashes. */
export const bare = (name) => name.replace(/\[[0-9a-f]+\]/g, "");

/** Whether a function comes in the second module. */
export const isLater = (name) => IS_LATER.test(bare(name)) && !IS_FIRST.test(bare(name)) && !GROWS_REFERENCES.test(name);

/** Splits a module whose functions have names. Returns `[first, rest]`. */
export function split(wasm) {
  const kept = functions(wasm).flatMap(({ name }, index) => (isLater(name) ? [] : [`f${index}`]));
  const options = (file) => {
    writeFileSync(file("kept"), kept.join("\n"));
    return [
      ...[`--keep-funcs=@${file("kept")}`, `--primary-output=${file("first")}`, `--secondary-output=${file("rest")}`],
      ...[`--placeholder-namespace=${STAND_INS}`, `--import-namespace=${FIRST}`, `--export-prefix=${SHARED}`],
    ];
  };
  const short = new Map();
  const rename = (name) => {
    if (!name.startsWith(SHARED) || name === TABLE) return name;
    if (!short.has(name)) short.set(name, SHARED + short.size.toString(36));
    return short.get(name);
  };
  const [first, rest] = wasmSplit(wasm, options, ["first", "rest"]);
  return [withExportNames(first, rename), withImports(rest, rename)].map((wasm) => optimised(wasm));
}
