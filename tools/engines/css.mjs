// Finds features in a stylesheet that the oldest engines lack and that have no guard. A guard is an
// `@supports` that names the feature, or an earlier declaration of the same property that these engines know.
// Unknown media and container queries need no guard: they do not match.
import { lacking, need } from "./floor.mjs";

const { css: compat } = need("@mdn/browser-compat-data");
const { parse, walk, generate } = need("css-tree");

/** Features that may be missing, and the effect. */
const DEGRADES = new Map([
  ["-webkit-tap-highlight-color", "iOS only; elsewhere a tap flashes"],
  ["cursor", "telephones have none"],
  ["outline", "Safari draws it with square corners"],
  ["forced-color-adjust", "where there are forced colours, it is known"],
  ["overscroll-behavior", "the page behind a sheet scrolls along"],
  ["scrollbar-width", "a scroll bar is seen; ::-webkit-scrollbar beside it hides most"],
  ["field-sizing", "a list is as wide as its longest choice"],
  ["container-type", "goes with @container"],
  ["user-select", "Safari goes by the prefixed name; a number is then selected letter by letter"],
  ["text-size-adjust", "Safari goes by the prefixed name"],
  ["text-wrap", "lines break a little less evenly"],
]);

/** Rules that engines skip as a whole if they do not know them, as with media queries. */
const OWN_GUARD = new Set(["container", "supports", "media"]);

/** The compatibility data of each function and unit of values, by name. */
const functions = new Map();
const collect = (types) => {
  for (const [name, entry] of Object.entries(types)) {
    if (!entry.__compat) continue;
    functions.set(name.replace(/[-_]function$/, ""), entry.__compat);
    collect(entry);
  }
};
collect(compat.types);

const units = (unit) => {
  const { length } = compat.types;
  const viewport = /^([dsl])v(h|w|i|b|min|max)$/.exec(unit);
  if (viewport) {
    const kind = { d: "dynamic", s: "small", l: "large" }[viewport[1]];
    return length[`viewport_percentage_units_${kind}`];
  }
  return /^cq/.test(unit) ? length.container_query_length_units : length[unit];
};

/** The findings, as `{ line, what, lacking }`. */
export function newerThanFloor(source) {
  const found = [];
  const tree = parse(source, { positions: true, parseCustomProperty: true, onParseError: (error) => report(error.line, error.message, ["unreadable"]) });
  const guards = [];

  function report(line, what, engines) {
    found.push({ line, what, lacking: engines });
  }
  const isGuarded = (name) => guards.some((guard) => guard.includes(name));
  function check(node, name, what, entry) {
    const missing = entry ? lacking(entry) : [];
    if (missing.length > 0 && !isGuarded(name)) report(node.loc.start.line, what, missing);
    return missing.length === 0;
  }

  walk(tree, {
    enter(node) {
      if (node.type === "Atrule") {
        if (node.name === "supports") guards.push(node.prelude ? generate(node.prelude) : "");
        else if (this.rule) check(node, "&", `@${node.name} inside a rule`, compat.selectors.nesting?.__compat);
        if (!OWN_GUARD.has(node.name)) check(node, `@${node.name}`, `@${node.name}`, compat["at-rules"][node.name]?.__compat);
      } else if (node.type === "FeatureRange" && this.atrule?.name !== "container") {
        check(node, "<", "a range in a media query", compat["at-rules"].media.range_syntax.__compat);
      } else if (node.type === "Rule" && this.rule) {
        check(node, "&", "a rule inside a rule", compat.selectors.nesting?.__compat);
      } else if (node.type === "PseudoClassSelector" || node.type === "PseudoElementSelector") {
        check(node, `:${node.name}`, `:${node.name}`, compat.selectors[node.name.toLowerCase()]?.__compat);
      } else if (node.type === "Nth" && node.selector) {
        check(node, "of", ":nth-child(of …)", compat.selectors["nth-child"].of_syntax.__compat);
      }
    },
    leave(node) {
      if (node.type === "Atrule" && node.name === "supports") guards.pop();
      // Declarations are judged when their block is complete, in order, since one may be the fallback of
      // another.
      if (node.type === "Block") judge(node);
    },
  });

  function judge(block) {
    const known = new Set();
    for (const node of block.children) {
      if (node.type !== "Declaration") continue;
      const name = node.property.toLowerCase();
      const isCustom = name.startsWith("--");
      const entry = compat.properties[name];
      if (!isCustom && !DEGRADES.has(name)) {
        if (!entry && !name.startsWith("-")) report(node.loc.start.line, `${name}: no such property`, ["all"]);
        check(node, name, name, entry?.__compat);
      }
      // Engines accept a value with a custom property unread. Its fallback is lost before the value proves
      // invalid.
      const hasFallback = known.has(name) && !generate(node.value).includes("var(");
      if (!DEGRADES.has(name) && judgeValue(node, name, entry, hasFallback)) known.add(name);
    }
  }

  /** Whether the oldest engines know the value. */
  function judgeValue(declaration, property, entry, hasFallback) {
    let isKnown = true;
    walk(declaration.value, (node) => {
      let part;
      if (node.type === "Identifier") part = [node.name, entry?.[node.name.toLowerCase()]?.__compat];
      else if (node.type === "Function") {
        const name = node.name.toLowerCase();
        part = [`${name}(`, entry?.[name]?.__compat ?? entry?.[`${name}_function`]?.__compat ?? functions.get(name)];
      } else if (node.type === "Dimension") part = [node.unit, units(node.unit.toLowerCase())?.__compat];
      if (!part?.[1]) return;
      const missing = lacking(part[1]);
      if (missing.length === 0 || isGuarded(part[0].replace("(", ""))) return;
      isKnown = false;
      if (!hasFallback) report(node.loc?.start.line ?? declaration.loc.start.line, `${property}: ${part[0].replace("(", "()")}`, missing);
    });
    return isKnown;
  }
  return found.sort((one, other) => one.line - other.line);
}
