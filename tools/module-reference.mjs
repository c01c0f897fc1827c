// Writes docs/embedding-reference.md from the module's types. Their doc comments are the source for options,
// events and messages. With --check the tool writes nothing and fails if the committed file differs.
//   node tools/module-reference.mjs [--check]
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { declarations } from "./reference/types.mjs";

const root = join(import.meta.dirname, "..");
const TARGET = "docs/embedding-reference.md";
const COLUMNS = 110;
const read = (file) => readFileSync(join(root, file), "utf8");

/** The sections and their declarations. A declaration that no section names gets a place under "Others". */
const SECTIONS = [
  ["Functions and the handle", ["mount", "load", "forget", "Mounting", "PageHandle"]],
  ["Options and their types", ["Options", "Place", "Features", "Token", "TokenRequest"]],
  ["The element", ["MemberPageElement"]],
  [
    "Events",
    [
      "MemberPageEventMap",
      "eventNames",
      "RedeemedDetail",
      "RefundActionDetail",
      "OpenLinkDetail",
      "ErrorDetail",
      "MetricDetail",
    ],
  ],
  [
    "WebViews and frames: `member-page/bridge`",
    [
      "embed",
      "EmbedSettings",
      "FromPage",
      "ToPage",
      "Channel",
      "frameChannel",
      "androidChannel",
      "iosChannel",
      "jsBridgeChannel",
    ],
  ],
];

const declared = ["member-page", "bridge"].flatMap((file) => declarations(read(`src/module/${file}.d.ts`)));
const known = new Map(declared.map((one) => [one.name, one]));
const placed = new Set(SECTIONS.flatMap(([, names]) => names));
const missing = [...placed].filter((name) => !known.has(name));
if (missing.length > 0) {
  throw new Error(`tools/module-reference.mjs names ${missing.join(", ")}, but the types do not declare it`);
}
const others = [...known.keys()].filter((name) => !placed.has(name));

const code = (text) => `\`${text}\``;
const anchor = (name) => `#${name.toLowerCase()}`;
const link = (name) => `[${name}](${anchor(name)})`;

/** Breaks a text into lines. Code and links stay whole. */
function wrap(text, indent = "") {
  const lines = [];
  for (const word of text.match(/(?:`[^`]*`|\[[^\]]*\]\([^)]*\)|\S)+/g)) {
    const last = lines.at(-1);
    const joined = `${last} ${word}`;
    if (last !== undefined && joined.length <= COLUMNS) lines[lines.length - 1] = joined;
    else lines.push(lines.length > 0 ? indent + word : word);
  }
  return lines.join("\n");
}

const list = (items) => items.map((item) => wrap(`- ${item}`, "  ")).join("\n");

/** Links to the declarations that a type mentions, as a sentence. */
function seeAlso(type, own) {
  const unquoted = type.replace(/"[^"]*"/g, "");
  const isMentioned = (name) => name !== own && new RegExp(`\\b${name}\\b`).test(unquoted);
  const found = [...known.keys()].filter(isMentioned).map(link);
  return found.length > 0 ? [`See ${found.join(", ")}.`] : [];
}

function section(name) {
  const declaration = known.get(name);
  const parts = [`### ${name}`];
  if (declaration.doc) parts.push(wrap(declaration.doc));
  if (name === "MemberPageEventMap") parts.push(events(declaration));
  else if (declaration.members) parts.push(members(declaration));
  else parts.push(...plain(declaration));
  if (name === "MemberPageElement") parts.push(attributes());
  return parts.join("\n\n");
}

/** The alternatives of a union of texts or objects, or `[]` for any other type. */
function choices(type) {
  const found = type?.split(/\s*\|\s*(?=[{"])/).filter(Boolean) ?? [];
  return found.length > 1 ? found : [];
}

const isText = (choice) => choice.startsWith("\"");
const enumerated = (texts) => texts.map(code).join(", ").replace(/, (?!.*, )/, " or ");

function members({ name, members }) {
  return list(
    members.map((one) => {
      const texts = choices(one.type);
      const type = texts.length > 0 && texts.every(isText) ? enumerated(texts) : code(one.type);
      const mark = one.isOptional && name !== "Options" ? "?" : "";
      return [`${code(one.name + mark)}: ${type}.`, one.doc, ...seeAlso(one.type, name)].join(" ");
    }),
  );
}

/** A union as a list, any other declaration as it is written in the types. */
function plain({ name, text, type }) {
  const alternatives = choices(type);
  if (alternatives.length > 0 && alternatives.every(isText)) return [wrap(`${enumerated(alternatives)}.`)];
  if (alternatives.length > 0) return [list(alternatives.map(code)), ...seeAlso(type, name)];
  return [`\`\`\`ts\n${text}\n\`\`\``, ...seeAlso(text, name)];
}

function events({ members }) {
  // The bridges pass on the events of this list only. A missing event would not reach apps with a WebView.
  const [, named] = /const eventNames = Object\.freeze\(\[([^\]]*)\]/.exec(read("src/module/member-page.js"));
  const names = [...named.matchAll(/"([^"]+)"/g)].map(([, event]) => event);
  same("member-page.js names", names, "the types have", members.map((one) => one.name));
  return list(
    members.map((one) => {
      const [, detail] = /^CustomEvent<(.*)>$/.exec(one.type);
      const shown = known.has(detail) ? link(detail) : code(detail);
      return `${code(one.name)}: ${one.doc} \`detail\`: ${shown}.`;
    }),
  );
}

/** The element's attributes and the option that each of them sets. */
function attributes() {
  const [, body] = /const ATTRIBUTES = \{([^}]*)\}/.exec(read("src/module/element.js"));
  const pairs = [...body.matchAll(/^\s*"?([\w-]+)"?: "(\w+)"/gm)].map(([, ...pair]) => pair);
  const isTextOption = ({ type }) => type.split(/\s*\|\s*/).every((one) => one === "string" || isText(one));
  const texts = known.get("Options").members.filter(isTextOption).map(({ name }) => name);
  const named = pairs.map(([, option]) => option);
  same("element.js has attributes for", named, "options that are text are", texts);
  const rows = pairs.map(([attribute, option]) => `| ${code(attribute)} | ${code(option)} |`);
  return [`| attribute | [option](${anchor("Options")}) |`, "| --- | --- |", ...rows].join("\n");
}

function same(left, ones, right, others) {
  const sorted = (names) => [...names].sort().join(", ");
  if (sorted(ones) !== sorted(others)) throw new Error(`${left} ${sorted(ones)}; ${right} ${sorted(others)}`);
}

const sections = [...SECTIONS, ...(others.length > 0 ? [["Others", others]] : [])];
const written = `${[
  "# Reference of the module",
  wrap(
    "`make reference` writes this file from `src/module/member-page.d.ts` and `src/module/bridge.d.ts`. " +
      "Change those files, not this one. The guide is [embedding.md](embedding.md).",
  ),
  ...sections.flatMap(([title, names]) => [`## ${title}`, ...names.map(section)]),
].join("\n\n")}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(join(root, TARGET), written);
} else if (!existsSync(join(root, TARGET)) || read(TARGET) !== written) {
  console.error(`  ${TARGET} does not match the types: run 'make reference' and commit it`);
  process.exitCode = 1;
}
