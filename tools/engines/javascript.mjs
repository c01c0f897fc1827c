// Finds syntax that the oldest engines cannot read, and members that they lack. They read ES2022 syntax
// except `static {}` in classes (Safari 16.4).
import { lacking, need } from "./floor.mjs";

const { parse } = need("acorn");
const { full } = need("acorn-walk");
const { api, javascript } = need("@mdn/browser-compat-data");

/** Members of the web's and the language's objects by name, for any object. */
const members = new Map();
const collect = (entries) => {
  for (const [name, entry] of Object.entries(entries)) {
    if (!entry.__compat) continue;
    const plain = name.replace(/_(static|event)$/, "");
    members.set(plain, [...(members.get(plain) ?? []), entry.__compat]);
    collect(entry);
  }
};
collect(api);
collect(javascript.builtins);

/** Names in wasm-bindgen's glue that are allowed, and why. */
const NO_FAULT = new Map([
  ["dispose", "Symbol.dispose is asked for first"],
  ["detached", "undefined is taken for no"],
  ["byobRequest", "byte streams are made by nobody here"],
  ["respond", "byte streams are made by nobody here"],
  ["memory", "the module's own export"],
  ["token", "a field of the bridge's own messages"],
  ["forget", "the module's own function"],
]);

/** Whether a mobile engine lacks it. Desktop engines are ignored, since they lack touch events. */
const isMissing = (compat) => lacking(compat, true).some((engine) => !/^(chrome|safari) /.test(engine));

/** The faults, as sentences. */
export function beyondFloor(source, isModule) {
  try {
    const tree = parse(source, { ecmaVersion: 2022, sourceType: isModule ? "module" : "script" });
    return [...staticBlocks(tree), ...newMembers(tree)];
  } catch (error) {
    return [`cannot read it: ${error.message}`];
  }
}

/** Finds static blocks in classes. */
function staticBlocks(tree) {
  let found = false;
  full(tree, (node) => (found ||= node.type === "StaticBlock"));
  return found ? ["cannot read it: static blocks in classes"] : [];
}

/**
 * Finds member names that no object has in the oldest engines. A name that some object has passes, since a
 * script does not show types.
 */
function newMembers(tree) {
  const found = new Set();
  full(tree, (node) => {
    if (node.type !== "MemberExpression" || node.computed || NO_FAULT.has(node.property.name)) return;
    if (members.get(node.property.name)?.every(isMissing)) found.add(`have no .${node.property.name}`);
  });
  return [...found];
}

/** The inline scripts of a page: `{ source, isModule }`. */
export function inlineScripts(html) {
  const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)].filter(([, , source]) => source.trim());
  return scripts.map(([, attributes, source]) => ({ source, isModule: /type="?module/.test(attributes) }));
}
