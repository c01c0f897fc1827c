// What the page weighs, and what in it weighs what.
import { brotliCompressSync, constants } from "node:zlib";

/** What a member's first visit is to transfer, in bytes: page, styles, script and wasm, each by brotli at its best. */
export const BUDGET = 110 * 1024;

/** The page is past its budget (docs/performance.md says why). Until it is not, a build fails that is past these: what the page
 *  weighs now and a little, until card and code are there and in all. They only ever come down. index.html alone paints the
 *  skeleton, and has to arrive in one go: ten packets of TCP's first window. */
const CEILINGS = { html: 14 * 1024, first: 155 * 1024, total: 241 * 1024 };
/** With a standard library that was not built for size, and whose faults speak through the page's script. */
const CEILINGS_WITH_PLAIN_LIBRARY = { html: 14.25 * 1024, first: 170 * 1024, total: 266 * 1024 };
/** That library says where it is from. */
const OF_PLAIN_LIBRARY = "library/core/src/";

/** Whether a file is of the page's code that comes behind card and code. */
export const IS_REST = /-rest-/;

/** What files weigh, `{ name, bytes, compressed }` of each: the page alone, with what comes before card and code, in all. */
export function weigh(files) {
  const weight = { html: 0, first: 0, total: 0, isPlain: false };
  for (const { name, bytes, compressed } of files) {
    weight.total += compressed.length;
    if (!IS_REST.test(name)) weight.first += compressed.length;
    if (name === "index.html") weight.html = compressed.length;
    if (name.endsWith(".wasm")) weight.isPlain ||= bytes.includes(OF_PLAIN_LIBRARY);
  }
  return weight;
}

/** What is too heavy, as sentences; nothing if all is well. */
export function excess({ html, first, total, isPlain }) {
  const ceilings = isPlain ? CEILINGS_WITH_PLAIN_LIBRARY : CEILINGS;
  const said = (what, bytes, most) => (bytes > most ? [`${what} is ${kilobytes(bytes).trim()} KB by brotli, and may be ${kilobytes(most).trim()}`] : []);
  return [
    ...said("what comes before card and code", first, ceilings.first),
    ...said("the page's transfer", total, ceilings.total),
    ...said("index.html", html, ceilings.html),
  ];
}

export const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });

export const kilobytes = (bytes) => (bytes / 1024).toFixed(1).padStart(7);

const OWN = /member_page(?:\[[0-9a-f]+\])?::([a-z_0-9]+)(?:::([a-z_0-9]+))?/g;
const CRATE = /(?:^|[<&( ])(?:impl )?([a-z_][a-z0-9_]*)(?:\[[0-9a-f]+\])?::/;

// What is written once for whoever uses it.
const SHARED = new Set(["view", "reactive", "load"]);

/** Whose code a function is: a part of the page, or a crate. Code that a crate, or the page's own shared code, makes for a part
 *  of the page is that part's. */
export function ownerOf(name) {
  const parts = [...name.matchAll(OWN)];
  const own = parts.find(([, part]) => !SHARED.has(part)) ?? parts[0];
  if (own) return ["features", "app", "i18n", "api"].includes(own[1]) && own[2] ? `page ${own[1]}::${own[2]}` : `page ${own[1]}`;
  return CRATE.exec(name)?.[1] ?? (name.startsWith("__") ? "wasm-bindgen's exports" : "without a name");
}

/** Bytes by owner, the heaviest first: `[owner, bytes, functions]`. */
export function byOwner(functions) {
  const owners = new Map();
  for (const { name, bytes } of functions) {
    const owner = ownerOf(name);
    const [sum, count] = owners.get(owner) ?? [0, 0];
    owners.set(owner, [sum + bytes, count + 1]);
  }
  return [...owners].map(([owner, [bytes, count]]) => [owner, bytes, count]).sort((a, b) => b[1] - a[1]);
}
