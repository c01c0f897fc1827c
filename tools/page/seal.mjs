// Makes the service worker that caches a finished page's files, precompresses every file, and prints the
// page's size.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { brotli, excess, kilobytes, weigh } from "./size.mjs";

const SERVICE_WORKER = "service-worker.js";

/** Seals a finished page: nothing in `dist` may change afterwards. Returns what is too heavy. */
export function seal(dist) {
  // The version covers everything that the worker caches, and its code, so that any change gives a new
  // version.
  const worker = readFileSync(join(import.meta.dirname, "../../src/service_worker.js"), "utf8");
  const kept = readdirSync(dist)
    .filter((file) => /\.(css|js|wasm)$/.test(file) && file !== SERVICE_WORKER)
    .sort();
  const version = createHash("sha256").update(worker).update(readFileSync(join(dist, "index.html")));
  for (const file of kept) version.update(file);
  const filled = worker
    .replace("{{version}}", version.digest("hex").slice(0, 16))
    .replace('"{{files}}"', kept.map((file) => JSON.stringify(`/${file}`)).join(", "));
  writeFileSync(join(dist, SERVICE_WORKER), filled);

  const members = [];
  for (const file of readdirSync(dist).sort()) {
    if (!/\.(html|css|js|wasm|svg|json|webmanifest)$/.test(file)) continue;
    const bytes = readFileSync(join(dist, file));
    const compressed = brotli(bytes);
    writeFileSync(join(dist, `${file}.br`), compressed);
    writeFileSync(join(dist, `${file}.gz`), gzipSync(bytes, { level: 9 }));
    // The service worker, and files for installing, load after the page.
    if (/\.(html|css|js|wasm)$/.test(file) && file !== SERVICE_WORKER) members.push({ name: file, compressed });
    console.log(`  ${kilobytes(bytes.length)} KB ${kilobytes(compressed.length)} KB brotli  ${file}`);
  }
  const weight = weigh(members);
  const [first, total] = [weight.first, weight.total].map((bytes) => kilobytes(bytes).trim());
  console.log(`  page transfer, brotli: ${first} KB until card and code are there, ${total} KB in all`);
  return excess(weight);
}

if (process.argv[1] === import.meta.filename) seal(process.argv[2] ?? "dist");
