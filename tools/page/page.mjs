// Puts styles and the start script into the built page's `index.html`. A first visit then paints from this
// one answer, and the browser requests everything else at once.

// trunk's minifier writes attributes with and without quotes.
const STYLESHEET = /<link\s[^>]*href="?\/([^\s">]+\.css)"?[^>]*>/g;
const STARTED_BY_TRUNK = /<script type="?module"?>[^]*?TrunkApplicationStarted[^]*?<\/script>/;
const HINT_OF_TRUNK = /<link\s[^>]*rel="?(?:modulepreload|preload)"?[^>]*>/g;

// Styles of sheets and of what comes with the lists. None of them is on screen at the first paint, so they come in a
// file of their own.
const OF_SHEETS = /^(?:event_rows|redemption_code|refund_timeline|savings|shop_controls|shop_row|shop_sheet)\b/;

/** The stylesheets that a page names, in order: those of the first paint, and those of sheets. */
export function stylesheets(html) {
  const files = [...html.matchAll(STYLESHEET)].map(([, file]) => file);
  return { first: files.filter((file) => !OF_SHEETS.test(file)), sheets: files.filter((file) => OF_SHEETS.test(file)) };
}

/**
 * The start script of a page with one wasm module. `./glue.js` is wasm-bindgen's. The page's notice listens
 * for the event, which is trunk's.
 */
export const START_IN_ONE = `import init from "./glue.js";
await init({ module_or_path: await memberPageStart.wasm });
dispatchEvent(new CustomEvent("TrunkApplicationStarted"));
`;

/** The page with styles and script in it. */
export function assembled(html, { css, sheets, script, wasm }) {
  if (!STARTED_BY_TRUNK.test(html)) throw new Error("trunk starts the page in another way than tools/page/page.mjs knows");
  if (/<\/(?:script|style)/i.test(script + css)) throw new Error("a script or a style would end before its end");
  // The browser reads these lines first, so the wasm downloads, and compiles as it arrives, before anything
  // is visible. A link requests it, since browsers look ahead for links; a script runs only when they have
  // read up to it. If the server sends another content type, wasm-bindgen requests the file again and still
  // compiles it.
  const ahead = `<link rel="preload" as="fetch" href="/${wasm}" crossorigin>`;
  const wasmAtOnce = `memberPageStart={wasm:typeof WebAssembly==="object"?WebAssembly.compileStreaming(fetch("/${wasm}")).catch(()=>"/${wasm}"):"/${wasm}"}`;
  let styled = false;
  return html
    .replace(HINT_OF_TRUNK, "")
    .replace(STYLESHEET, () => (styled ? "" : ((styled = true), `<style>${css}</style>`)))
    .replace(STARTED_BY_TRUNK, () => `<script type="module">${script}</script>`)
    // At the end, where it delays no content. Scripts wait for it.
    .replace(/(?:<\/body>)?\s*(?:<\/html>)?\s*$/, (end) => `<link rel="stylesheet" href="/${sheets}">${end}`)
    .replace(/<title>/, () => `${ahead}<script>${wasmAtOnce}</script><title>`);
}
