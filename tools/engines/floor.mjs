// The oldest engines the page is made for (docs/engines.md), and what they have by MDN's browser-compat-data.
import { createRequire } from "node:module";
import { join } from "node:path";

/** Resolves the packages of the end-to-end tests, which these checks share. */
export const need = createRequire(join(import.meta.dirname, "../../tests/e2e/package.json"));

/** By the names of browser-compat-data. */
export const FLOOR = { chrome: 96, chrome_android: 96, webview_android: 96, safari: 15.4, safari_ios: 15.4 };

/** From these on the page runs under the policy that it is served with: before them wasm needs 'unsafe-eval'. */
export const POLICY_FLOOR = { chrome: 97, chrome_android: 97, webview_android: 97, safari: 16, safari_ios: 16 };

/**
 * Those of the oldest engines that lack a feature, with the version that has it: `["chrome 105", "safari never"]`. One that is
 * there in part counts where `partly` says so.
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
