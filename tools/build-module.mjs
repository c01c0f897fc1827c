// Makes dist/module/ from cargo's output: the wasm with its glue, one stylesheet for the shadow tree, the
// hand-written module, types and package.json. Prints the sizes.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { optimised } from "./page/binaryen.mjs";

const root = join(import.meta.dirname, "..");
const [wasm, out = join(root, "dist/module")] = process.argv.slice(2);
const sources = join(root, "src/module");
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: "inherit" });

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
run("wasm-bindgen", wasm, "--target", "web", "--no-typescript", "--remove-name-section", "--remove-producers-section", "--out-name", "member_page", "--out-dir", out);
const built = join(out, "member_page_bg.wasm");
writeFileSync(built, optimised(readFileSync(built)));

for (const file of readdirSync(sources)) if (/\.(m?js|d\.ts|json|md|html|css)$/.test(file)) cpSync(join(sources, file), join(out, file));
const manifest = JSON.parse(readFileSync(join(out, "package.json"), "utf8"));
const [, version] = /^version = "([^"]+)"/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"));
writeFileSync(join(out, "package.json"), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
writeFileSync(join(out, "member-page.css"), moduleStyles());

for (const file of readdirSync(out).sort()) {
  const bytes = readFileSync(join(out, file));
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  if (/\.(html|css|js|wasm|json)$/.test(file)) {
    writeFileSync(join(out, `${file}.br`), brotli);
    writeFileSync(join(out, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
  const kilobytes = (count) => (count / 1024).toFixed(1).padStart(7);
  console.log(`  ${kilobytes(bytes.length)} KB ${kilobytes(brotli.length)} KB brotli  module/${file}`);
}

/**
 * The page's styles for a shadow tree. Rules for the document apply to the tree's host. The layout depends on
 * the width that the host gives the page, not on the screen's. Sheets cover everything, so they depend on the
 * screen's.
 */
function moduleStyles() {
  const html = readFileSync(join(root, "index.html"), "utf8");
  const files = [...html.matchAll(/rel="css" href="([^"]+)"/g)].map(([, file]) => file);
  if (files.length === 0) throw new Error("index.html names no stylesheets");
  const styles = files.map((file) => {
    const css = readFileSync(join(root, file), "utf8")
      .replace(/\/\*[^]*?\*\//g, "")
      .replace(/:root((?::not\([^)]*\)|\[[^\]]*\])*)/g, (_, condition) => (condition ? `:host(${condition})` : ":host"))
      .replace(/^(html|body)(?=[\s,{])/gm, ":host");
    const goesByWidth = /\/(page|nearby_shops|member_events)\.css$/.test(file);
    return goesByWidth ? css.replace(/@media \((min|max)-width:/g, "@container member-page ($1-width:") : css;
  });
  const host = ":host { display: block; container: member-page / inline-size; --page-height: 0px; }\n[hidden] { display: none !important; }\n";
  return `${host}${styles.join("\n").replace(/\n{2,}/g, "\n")}`;
}
