// What the built page's `index.html` holds itself, so that a first visit paints from this one answer and everything else is
// asked for at once: styles, and the script around the wasm.

// trunk's minifier writes attributes with and without quotes.
const STYLESHEET = /<link\s[^>]*href="?\/([^\s">]+\.css)"?[^>]*>/g;
const STARTED_BY_TRUNK = /<script type="?module"?>[^]*?TrunkApplicationStarted[^]*?<\/script>/;
const HINT_OF_TRUNK = /<link\s[^>]*rel="?(?:modulepreload|preload)"?[^>]*>/g;

/** The stylesheets that a page names, in order. */
export const stylesheets = (html) => [...html.matchAll(STYLESHEET)].map(([, file]) => file);

/** Starts a page whose wasm is one module; `./glue.js` is wasm-bindgen's. The page's own notice listens for the event, which is
 *  trunk's. */
export const START_IN_ONE = `import init from "./glue.js";
await init({ module_or_path: await memberPageStart.wasm });
dispatchEvent(new CustomEvent("TrunkApplicationStarted"));
`;

/** The page with styles and script within it. */
export function assembled(html, { css, script, wasm }) {
  if (!STARTED_BY_TRUNK.test(html)) throw new Error("trunk starts the page in another way than tools/page/page.mjs knows");
  if (/<\/(?:script|style)/i.test(script + css)) throw new Error("a script or a style would end before its end");
  // The first thing that the browser reads: the wasm is on its way, and compiled as it arrives, before there is anything to see.
  // It is asked for by a link, which browsers look ahead for: a script only runs once they have read up to it. A server
  // that does not call it wasm is asked once more by wasm-bindgen, which reads it all the same.
  const ahead = `<link rel="preload" as="fetch" href="/${wasm}" crossorigin>`;
  const wasmAtOnce = `memberPageStart={wasm:typeof WebAssembly==="object"?WebAssembly.compileStreaming(fetch("/${wasm}")).catch(()=>"/${wasm}"):"/${wasm}"}`;
  let styled = false;
  return html
    .replace(HINT_OF_TRUNK, "")
    .replace(STYLESHEET, () => (styled ? "" : ((styled = true), `<style>${css}</style>`)))
    .replace(STARTED_BY_TRUNK, () => `<script type="module">${script}</script>`)
    .replace(/<title>/, () => `${ahead}<script>${wasmAtOnce}</script><title>`);
}
