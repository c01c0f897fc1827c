// Finds parts of a Content-Security-Policy that the oldest engines under that policy lack, by MDN's
// browser-compat-data.
import { POLICY_FLOOR, lacking, need } from "./floor.mjs";

const known = need("@mdn/browser-compat-data").http.headers["Content-Security-Policy"];

/** Engines without these ignore them. Violations are then not blocked, or are reported in the older way. */
const ENGINES_MAY_LACK = ["require-trusted-types-for", "trusted-types", "report-to"];
/** These are as old as policies. browser-compat-data does not list them. */
const AS_OLD_AS_POLICIES = ["self", "none"];

/**
 * Each directive and keyword that some of `engines` lack: `["script-src 'wasm-unsafe-eval' (needs safari
 * 16)"]`.
 */
export function unknownOf(policy, engines = POLICY_FLOOR) {
  return policy.split(";").flatMap((part) => {
    const [directive, ...sources] = part.trim().split(/\s+/);
    if (directive === "" || ENGINES_MAY_LACK.includes(directive)) return [];
    const keywords = sources.flatMap((source) => /^'([a-z-]+)'$/.exec(source)?.[1] ?? []).filter((word) => !AS_OLD_AS_POLICIES.includes(word));
    const features = [
      [directive, known[directive]],
      ...keywords.map((word) => [`${directive} '${word}'`, known[directive]?.[word] ?? known[word]]),
    ];
    return features.flatMap(([name, feature]) => {
      if (!feature) return [`${name} (no such thing)`];
      const missing = lacking(feature.__compat, false, engines);
      return missing.length === 0 ? [] : [`${name} (needs ${missing.join(", ")})`];
    });
  });
}

/** The page's policy from the server's source, without the values that are filled in. */
export function policyIn(source) {
  const [, text] = /fn of_page\([^]*?format!\(\s*"(default-src [^"]*)"/.exec(source) ?? [];
  return text?.replace(/\\\n\s*/g, "").replace(/\{[a-z_]+\}/g, "") ?? "";
}
