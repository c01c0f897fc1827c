// Whether the oldest engines can read a script: the syntax of ES2021, and `await` at the top of a module, which they have
// beyond it (Chrome 89, Safari 15).
import { need } from "./floor.mjs";

const { parse } = need("acorn");

/** What they cannot read, or nothing. */
export function unreadable(source, isModule) {
  try {
    parse(source, { ecmaVersion: 2021, sourceType: isModule ? "module" : "script", allowAwaitOutsideFunction: isModule });
    return null;
  } catch (error) {
    return error.message;
  }
}

/** The scripts written into a page: `{ source, isModule }`. */
export function inlineScripts(html) {
  const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)].filter(([, , source]) => source.trim());
  return scripts.map(([, attributes, source]) => ({ source, isModule: /type="?module/.test(attributes) }));
}
