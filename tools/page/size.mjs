// The page's size, and the size of its code by owner.
import { brotliCompressSync, constants } from "node:zlib";

/**
 * The limit of index.html, which paints the skeleton alone and must arrive at once: in ten packets, TCP's
 * first window. A build above it fails. The wasm has no limit: start times decide (docs/performance.md).
 */
const MOST_OF_HTML = 14 * 1024;

/** Matches files that load after card and code. */
export const IS_REST = /-rest-/;

/**
 * Sums the sizes of files, `{ name, compressed }` each: index.html alone, all until card and code, and all.
 */
export function weigh(files) {
  const weight = { html: 0, first: 0, total: 0 };
  for (const { name, compressed } of files) {
    weight.total += compressed.length;
    if (!IS_REST.test(name)) weight.first += compressed.length;
    if (name === "index.html") weight.html = compressed.length;
  }
  return weight;
}

/** Messages about what is too heavy; none if all is well. */
export function excess({ html }) {
  return html > MOST_OF_HTML ? [`index.html is ${kilobytes(html).trim()} KB by brotli, and may be ${kilobytes(MOST_OF_HTML).trim()}`] : [];
}

export const brotli = (bytes) => {
  const compressed = [0, 1].map((postfix) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        // How distances are coded (RFC 7932, section 4): which is smaller depends on the file.
        [constants.BROTLI_PARAM_NPOSTFIX]: postfix,
      },
    }),
  );
  return compressed.reduce((smallest, other) => (other.length < smallest.length ? other : smallest));
};

export const kilobytes = (bytes) => (bytes / 1024).toFixed(1).padStart(7);

const OWN = /member_page(?:\[[0-9a-f]+\])?::([a-z_0-9]+)(?:::([a-z_0-9]+))?/g;
const CRATE = /(?:^|[<&( ])(?:impl )?([a-z_][a-z0-9_]*)(?:\[[0-9a-f]+\])?::/;

// Generic code of the page. It belongs to the part that uses it.
const SHARED = new Set(["load"]);

/**
 * The owner of a function: a part of the page, or a crate. Code that a crate, or the page's shared code,
 * generates for a part of the page belongs to that part.
 */
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
