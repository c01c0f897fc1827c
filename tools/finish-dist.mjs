// Finishes what trunk built: joins the stylesheets into one hashed file, so that a first visit waits for one request
// instead of seven, precompresses every file, and says what the page weighs.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = process.argv[2] ?? "dist";
const indexFile = join(dist, "index.html");
let html = readFileSync(indexFile, "utf8");

// trunk's minifier writes attributes with and without quotes.
const stylesheet = /<link\s[^>]*href="?\/([^\s">]+\.css)"?[^>]*>/g;
const links = [...html.matchAll(stylesheet)];
if (links.length > 1) {
  const css = links.map(([, file]) => readFileSync(join(dist, file), "utf8")).join("\n");
  const digest = (algorithm) => createHash(algorithm).update(css);
  const name = `style-${digest("sha256").digest("hex").slice(0, 16)}.css`;
  writeFileSync(join(dist, name), css);
  const joined = `<link rel="stylesheet" href="/${name}" integrity="sha384-${digest("sha384").digest("base64")}">`;
  links.forEach(([link, file], index) => {
    html = html.replace(link, index === 0 ? joined : "");
    rmSync(join(dist, file));
  });
  writeFileSync(indexFile, html);
}

const kilobytes = (bytes) => (bytes / 1024).toFixed(1).padStart(7);
let total = 0;
for (const file of readdirSync(dist).sort()) {
  if (!/\.(html|css|js|wasm|svg|json|webmanifest)$/.test(file)) continue;
  const bytes = readFileSync(join(dist, file));
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(join(dist, `${file}.br`), brotli);
  writeFileSync(join(dist, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  total += brotli.length;
  console.log(`  ${kilobytes(bytes.length)} KB ${kilobytes(brotli.length)} KB brotli  ${file}`);
}
console.log(`  page transfer, brotli: ${kilobytes(total).trim()} KB`);
