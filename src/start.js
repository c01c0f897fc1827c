// Starts the page. Its code has two files (tools/page/split.mjs). The first has everything until the card and
// the code are shown; the second has the rest. The second file loads in the background, and the page waits
// for it before using it. A function called earlier loads the file synchronously.
import init from "./glue.js";

const REST = "{{rest}}";
const PAUSE = 3_000;

/** Exports of the first file, once it has run. */
let first;
let isLinked = false;

const imports = () => ({ first });

/** Stand-ins in the first file's table for functions of the second, by table index. */
export const later = new Proxy({}, {
  get: (_, place) => (...given) => {
    loadNow();
    return first["%table"].get(place)(...given);
  },
});

/**
 * Loads the second file synchronously. Rare: it happens only if its code is called before the page is drawn.
 */
function loadNow() {
  if (isLinked) return;
  const request = new XMLHttpRequest();
  request.open("GET", REST, false);
  // A synchronous request cannot return bytes, so it returns one character per byte.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  const bytes = Uint8Array.from(request.responseText, (character) => character.charCodeAt(0));
  new WebAssembly.Instance(new WebAssembly.Module(bytes), imports());
  isLinked = true;
}

/**
 * Loads the second file with low priority, and retries after failures. Retries bypass the browser's cache,
 * which may hold a broken file.
 */
async function load() {
  for (let cache = "default"; !isLinked; cache = "reload") {
    try {
      const answer = await fetch(REST, { cache, priority: "low" });
      const module = await WebAssembly.compile(await answer.arrayBuffer());
      if (!isLinked) await WebAssembly.instantiate(module, imports());
      isLinked = true;
    } catch {
      await new Promise((again) => {
        setTimeout(again, PAUSE);
        addEventListener("online", again, { once: true });
      });
    }
  }
}

/**
 * Whether the engine compiles a file of this size synchronously. Engines before 2023 refuse without checking
 * its content.
 */
function canLoadNow() {
  try {
    return new WebAssembly.Module(new Uint8Array(5_000));
  } catch (fault) {
    return fault instanceof WebAssembly.CompileError;
  }
}

first = await init({ module_or_path: await memberPageStart.wasm });
const rest = load();
if (!canLoadNow()) await rest;
memberPageStart.rest = rest;
first.__wbindgen_start();
dispatchEvent(new CustomEvent("TrunkApplicationStarted"));
