// Reads the declarations of a .d.ts file in the module's style: exported interfaces, classes, types and
// functions, their members, and the doc comment before each. Unknown syntax is an error, so that nothing is
// left out.

/**
 * The exports of a .d.ts file, in order: `{name, kind, doc, text}`, with `members` or `type` if it has any.
 */
export function declarations(source) {
  return statements(source).flatMap(({ doc, text }) => {
    // Names that are re-exported, and declarations for the compiler alone.
    if (/^(import type|export type) \{|^declare global\b/.test(text)) return [];
    const head = /^export (?:declare )?(interface|class|type|function|const) (\w+)/.exec(text);
    if (!head) throw new Error(`a declaration that is not understood: ${text.slice(0, 80)}`);
    const [, kind, name] = head;
    const common = { name, kind, doc, text: text.replace(/^export /, "") };
    if (kind === "function" || kind === "const") return [common];
    if (kind === "type") return [{ ...common, type: oneLine(text.slice(text.indexOf("=") + 1).replace(/;$/, "")) }];
    return [{ ...common, members: statements(text.slice(text.indexOf("{") + 1, text.lastIndexOf("}"))).map(member) }];
  });
}

function member({ doc, text }) {
  const signature = oneLine(text.replace(/;$/, ""));
  const method = /^(\w+)(\(.*)$/.exec(signature);
  const property = /^(?:readonly )?(?:"([^"]+)"|(\w+))(\??): (.+)$/.exec(signature);
  if (method) {
    const [, name, rest] = method;
    return { name: `${name}()`, isOptional: false, doc, type: rest.replace(/\): ([^:]*)$/, ") => $1") };
  }
  if (!property) throw new Error(`a member that is not understood: ${signature}`);
  const [, quoted, plain, mark, type] = property;
  return { name: quoted ?? plain, isOptional: mark === "?", doc, type: type.replace(/^\| /, "") };
}

/**
 * Cuts a text into statements, each with the doc comment before it. A statement ends with a semicolon, or
 * with the closing brace of a declaration. Neither counts inside brackets or quotes.
 */
export function statements(source) {
  const found = [];
  let doc = "";
  let start = -1;
  let depth = 0;
  for (let at = 0; at < source.length; at += 1) {
    const rest = source.slice(at);
    const comment = /^\/\*[^]*?\*\/|^\/\/[^\n]*/.exec(rest)?.[0];
    if (comment) {
      if (start < 0 && comment.startsWith("/**")) doc = prose(comment);
      at += comment.length - 1;
      continue;
    }
    const quoted = /^"[^"\n]*"/.exec(rest)?.[0];
    if (start < 0 && !/^\s/.test(rest)) start = at;
    if (quoted) {
      at += quoted.length - 1;
      continue;
    }
    if ("({[".includes(source[at])) depth += 1;
    if (")}]".includes(source[at])) depth -= 1;
    if (depth < 0) throw new Error(`brackets that do not match: ${source.slice(start, at + 1)}`);
    const isBlock = source[at] === "}" && /^(export )?(declare )?(interface|class|global)\b/.test(source.slice(start));
    if (depth === 0 && start >= 0 && (source[at] === ";" || isBlock)) {
      found.push({ doc, text: source.slice(start, at + 1) });
      doc = "";
      start = -1;
    }
  }
  if (start >= 0) throw new Error(`a statement that does not end: ${source.slice(start, start + 80)}`);
  return found;
}

/** A doc comment's text, as one paragraph. */
function prose(comment) {
  return oneLine(comment.replace(/^\/\*\*|\*\/$/g, "").replace(/^\s*\*/gm, ""));
}

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}
