// The oldest engines that the page supports (docs/engines.md), and their features by MDN's
// browser-compat-data.
import { createRequire } from "node:module";
import { join } from "node:path";

/** Resolves the packages of the end-to-end tests, which these checks share. */
export const need = createRequire(join(import.meta.dirname, "../../tests/e2e/package.json"));

/** The oldest versions, by the names of browser-compat-data. */
export const FLOOR = { chrome: 96, chrome_android: 96, webview_android: 96, safari: 15.4, safari_ios: 15.4 };

/** The page runs under its own policy from these versions. Older ones need 'unsafe-eval' for wasm. */
export const POLICY_FLOOR = { chrome: 97, chrome_android: 97, webview_android: 97, safari: 16, safari_ios: 16 };

/**
 * The engines that lack a feature, with the version that adds it: `["chrome 105", "safari never"]`. With
 * `partly`, a partial implementation counts as support.
 */
export function lacking(compat, partly = false, engines = FLOOR) {
  return Object.entries(engines).flatMap(([engine, floor]) => {
    const known = [compat.support[engine] ?? []].flat();
    const plain = known.filter((entry) => !entry.flags && !entry.prefix && !entry.alternative_name && (partly || !entry.partial_implementation));
    const added = plain.map((entry) => (entry.version_removed ? Infinity : version(entry.version_added)));
    const first = Math.min(Infinity, ...added);
    return first <= floor ? [] : [`${engine} ${first === Infinity ? "never" : first}`];
  });
}

function version(added) {
  const number = typeof added === "string" ? Number.parseFloat(added.replace("≤", "")) : Number.NaN;
  return Number.isNaN(number) ? Infinity : number;
}
