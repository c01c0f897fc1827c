// Builds the peers as well as we know how: production builds with one minified script, in a page with our
// styles inlined and our skeleton, all precompressed. All contenders pay the same for styles.
import { transformAsync } from "@babel/core";
import solidPreset from "babel-preset-solid";
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { brotli } from "../../tools/page/size.mjs";

const here = import.meta.dirname;
export const OUT = join(here, "../../target/bench-peers");

const solid = {
  name: "solid",
  setup(bundler) {
    bundler.onLoad({ filter: /peers\/solid\/.*\.jsx$/ }, async ({ path }) => {
      const { code } = await transformAsync(await readFile(path, "utf8"), { filename: path, presets: [solidPreset], babelrc: false, configFile: false });
      return { contents: code, loader: "js" };
    });
  },
};

/** The styles and the skeleton of our built page, for the peers. */
function ourPage() {
  const html = readFileSync(join(here, "../../dist/index.html"), "utf8");
  const css = /<style>([^]*?)<\/style>/.exec(html)?.[1];
  const skeleton = /<div id="?member-page"?>[^]*?<\/main><\/div>/.exec(html)?.[0];
  if (!css || !skeleton) throw new Error("dist/ holds no finished page: run 'make site' first");
  return { css, skeleton };
}

const page = ({ css, skeleton }, head, body = "") =>
  `<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"><title>会员卡</title>${head}<style>${css}</style>${body || skeleton}</html>`;

function write(name, files) {
  const folder = join(OUT, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    const bytes = Buffer.from(text);
    writeFileSync(join(folder, file), bytes);
    writeFileSync(join(folder, `${file}.br`), brotli(bytes));
    writeFileSync(join(folder, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
  return folder;
}

async function framework(name, options) {
  const { outputFiles } = await build({
    entryPoints: [join(here, `peers/${name}/main.jsx`)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"' },
    conditions: ["browser", "production"],
    absWorkingDir: here,
    logLevel: "warning",
    ...options,
  });
  const script = outputFiles[0].text;
  const file = `main-${createHash("sha256").update(script).digest("hex").slice(0, 16)}.js`;
  // The browser requests the script and the member's state before it reads the styles.
  const head = `<script type="module" src="/${file}"></script><link rel="preload" as="fetch" href="/v1/me" crossorigin>`;
  return write(name, { "index.html": page(ourPage(), head), [file]: script });
}

/**
 * The floor: a page without script, with card and code in one answer. `body` is our page's markup of both.
 */
export function buildStatic(body) {
  return write("static", { "index.html": page(ourPage(), "", body) });
}

export async function buildPeers() {
  const react = { react: "preact/compat", "react-dom": "preact/compat", "react/jsx-runtime": "preact/jsx-runtime" };
  return {
    preact: await framework("preact", { jsx: "automatic", jsxImportSource: "preact", alias: react }),
    solid: await framework("solid", { plugins: [solid] }),
  };
}
