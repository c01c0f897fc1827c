// Finishes what trunk built: joins the stylesheets into one hashed file, so that a first visit waits for one request
// instead of seven, makes the service worker that keeps these files on the device, precompresses every file, and says
// what the page weighs.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SERVICE_WORKER = "service-worker.js";
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

// The version is that of everything the worker keeps and of what it does, so that any change makes a new one.
const worker = readFileSync(join(import.meta.dirname, "../src/service_worker.js"), "utf8");
const kept = readdirSync(dist)
  .filter((file) => /\.(css|js|wasm)$/.test(file) && file !== SERVICE_WORKER)
  .sort();
const version = createHash("sha256").update(worker).update(readFileSync(indexFile));
for (const file of kept) version.update(file);
writeFileSync(
  join(dist, SERVICE_WORKER),
  worker
    .replace("{{version}}", version.digest("hex").slice(0, 16))
    .replace('"{{files}}"', kept.map((file) => JSON.stringify(`/${file}`)).join(", ")),
);

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
  // The worker and what installing needs arrive after the page is up.
  if (/\.(html|css|js|wasm)$/.test(file) && file !== SERVICE_WORKER) total += brotli.length;
  console.log(`  ${kilobytes(bytes.length)} KB ${kilobytes(brotli.length)} KB brotli  ${file}`);
}
console.log(`  page transfer, brotli: ${kilobytes(total).trim()} KB`);
