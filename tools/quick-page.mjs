// Assembles the page for `make run` without trunk, which takes minutes to build on a new machine. Processes
// the `data-trunk` links of index.html, and leaves the folder in the form that tools/finish-dist.mjs expects.
//   node tools/quick-page.mjs WASM FOLDER
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const [wasm, out] = process.argv.slice(2);
const root = join(import.meta.dirname, "..");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

/** The replacement of each kind of link. */
const done = {
  "copy-file": (href) => (copy(href), ""),
  "copy-dir": (href) => (copy(href), ""),
  css: (href) => (copy(href), `<link rel="stylesheet" href="/${basename(href)}">`),
  // trunk puts its start script here.
  rust: () => '<script type="module">dispatchEvent(new CustomEvent("TrunkApplicationStarted"));</script>',
};
const copy = (href) => cpSync(join(root, href), join(out, basename(href)), { recursive: true });

const html = readFileSync(join(root, "index.html"), "utf8").replace(/<link\s+data-trunk\b[^>]*>/g, (link) => {
  const [, kind] = /\brel="([^"]*)"/.exec(link) ?? [];
  const [, href] = /\bhref="([^"]*)"/.exec(link) ?? [];
  if (!done[kind]) throw new Error(`index.html asks trunk for rel="${kind}": tools/quick-page.mjs has to learn it`);
  return done[kind](href);
});
writeFileSync(join(out, "index.html"), html);
execFileSync("wasm-bindgen", [wasm, "--target", "web", "--no-typescript", "--out-name", "member-page-0", "--out-dir", out], { stdio: "inherit" });
