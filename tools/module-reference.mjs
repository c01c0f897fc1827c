// Writes docs/embedding-reference.md from the module's types, whose doc comments are the only place where options, events and
// messages are described. With --check it writes nothing and fails where the committed file is another.
//   node tools/module-reference.mjs [--check]
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { declarations } from "./reference/types.mjs";

const root = join(import.meta.dirname, "..");
const TARGET = "docs/embedding-reference.md";
const read = (file) => readFileSync(join(root, file), "utf8");

/** Which declaration stands where. One that is named nowhere comes last, under its own name. */
const SECTIONS = [
  ["Functions and the handle", ["mount", "load", "Mounting", "PageHandle"]],
  ["Options and what they are made of", ["Options", "Place", "Features", "Token", "TokenRequest"]],
  ["The element", ["MemberPageElement"]],
  ["Events and their details", ["MemberPageEventMap", "eventNames", "RedeemedDetail", "RefundActionDetail", "OpenLinkDetail", "ErrorDetail", "MetricDetail"]],
  ["WebViews and frames: `member-page/bridge`", ["embed", "EmbedSettings", "FromPage", "ToPage", "Channel", "frameChannel", "androidChannel", "iosChannel", "jsBridgeChannel"]],
];

const known = new Map(["member-page", "bridge"].flatMap((file) => declarations(read(`src/module/${file}.d.ts`))).map((one) => [one.name, one]));
const placed = new Set(SECTIONS.flatMap(([, names]) => names));
const gone = [...placed].filter((name) => !known.has(name));
if (gone.length > 0) throw new Error(`tools/module-reference.mjs has a place for ${gone.join(", ")}, and the types have no such thing`);
const others = [...known.keys()].filter((name) => !placed.has(name));

const code = (text) => `\`${text.replaceAll("|", "\\|")}\``;
const cell = (text) => text.replaceAll("|", "\\|");
const table = (head, rows) => [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");
const anchor = (name) => `#${name.toLowerCase()}`;
/** Declared types that a type mentions, to be looked up. */
const links = (type, own) => [...known.keys()].filter((name) => name !== own && new RegExp(`\\b${name}\\b`).test(type.replace(/"[^"]*"/g, ""))).map((name) => `[${name}](${anchor(name)})`);
const described = (doc, type, own) => cell([doc, links(type, own).length > 0 ? `See ${links(type, own).join(", ")}.` : ""].filter(Boolean).join(" "));

function section(name) {
  const declared = known.get(name);
  const parts = [`### ${name}`];
  if (declared.doc) parts.push(declared.doc);
  if (name === "MemberPageEventMap") parts.push(events(declared));
  else if (name === "Options") parts.push(options(declared));
  else if (declared.members) parts.push(members(declared));
  else parts.push(...plain(declared));
  if (name === "MemberPageElement") parts.push(attributes());
  return parts.join("\n\n");
}

function members({ name, members }) {
  return table(["", "type", ""], members.map((one) => [code(one.name + (one.isOptional ? "?" : "")), code(one.type), described(one.doc, one.type, name)]));
}

function options({ name, members }) {
  return table(["option", "type", ""], members.map((one) => [code(one.name), code(one.type), described(one.doc, one.type, name)]));
}

/** Unions are read better as a list, everything else as it was written. */
function plain({ name, text, type }) {
  const choices = type?.split(/\s*\|\s*(?=[{"])/).filter(Boolean) ?? [];
  if (choices.length > 1 && choices.every((choice) => choice.startsWith("\""))) return [choices.map((choice) => code(choice)).join(", ")];
  if (choices.length > 1) return [table(["message"], choices.map((choice) => [code(choice)])), ...seeAlso(type, name)];
  return [`\`\`\`ts\n${text}\n\`\`\``, ...seeAlso(text, name)];
}

function seeAlso(type, name) {
  const found = links(type, name);
  return found.length > 0 ? [`See ${found.join(", ")}.`] : [];
}

function events({ name, members }) {
  // An event that is not named would be missed by every app with a WebView: the bridges pass on those that are.
  const [, named] = /const eventNames = Object\.freeze\(\[([^\]]*)\]/.exec(read("src/module/member-page.js"));
  same("member-page.js names", [...named.matchAll(/"([^"]+)"/g)].map(([, event]) => event), "the types have", members.map((one) => one.name));
  return table(
    ["event", "`detail`", ""],
    members.map((one) => {
      const [, detail] = /^CustomEvent<(.*)>$/.exec(one.type);
      return [code(one.name), known.has(detail) ? `[${detail}](${anchor(detail)})` : code(detail), described(one.doc, "", name)];
    }),
  );
}

/** The element's attributes: which option each of them is. */
function attributes() {
  const [, body] = /const ATTRIBUTES = \{([^}]*)\}/.exec(read("src/module/element.js"));
  const pairs = [...body.matchAll(/^\s*"?([\w-]+)"?: "(\w+)"/gm)].map(([, attribute, option]) => [attribute, option]);
  const texts = known.get("Options").members.filter(({ type }) => type.split(/\s*\|\s*/).every((one) => one === "string" || one.startsWith("\"")));
  same("element.js has attributes for", pairs.map(([, option]) => option), "options that are text are", texts.map(({ name }) => name));
  return table(["attribute", "option"], pairs.map(([attribute, option]) => [code(attribute), `\`${option}\`, in [Options](${anchor("Options")})`]));
}

function same(left, ones, right, others) {
  const sorted = (names) => [...names].sort().join(", ");
  if (sorted(ones) !== sorted(others)) throw new Error(`${left} ${sorted(ones)}; ${right} ${sorted(others)}`);
}

const sections = [...SECTIONS, ...(others.length > 0 ? [["Others", others]] : [])];
const written = `${[
  "# Reference of the module",
  "Written from `src/module/member-page.d.ts` and `src/module/bridge.d.ts` by `make reference`: change those. How it all belongs together is in [embedding.md](embedding.md).",
  ...sections.flatMap(([title, names]) => [`## ${title}`, ...names.map(section)]),
].join("\n\n")}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(join(root, TARGET), written);
} else if (!existsSync(join(root, TARGET)) || read(TARGET) !== written) {
  console.error(`  ${TARGET} is not what the types say: run 'make reference' and commit it`);
  process.exitCode = 1;
}
