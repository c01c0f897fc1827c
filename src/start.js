// Starts the page. Its code is in two files: the first has what a visit needs until card and code are there, the second all
// else (tools/page/split.mjs). The second comes behind the first, and the page asks for what needs it once it is there; should
// anything need it sooner, that waits for the file then and there.
import init from "./glue.js";

const REST = "{{rest}}";
const PAUSE = 3_000;

/** What the first file exports, once it has. */
let first;
let isLinked = false;

const imports = () => ({ first });

/** Stand in the first file's table for functions of the second, by their places there. */
export const later = new Proxy({}, {
  get: (_, place) => (...given) => {
    loadNow();
    return first["%table"].get(place)(...given);
  },
});

/** Loads the second file while everything waits. Rare: only what is asked for before the page has drawn itself leads here. */
function loadNow() {
  if (isLinked) return;
  const request = new XMLHttpRequest();
  request.open("GET", REST, false);
  // There are no bytes to be had of such a request, but characters that stand for them.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  const bytes = Uint8Array.from(request.responseText, (character) => character.charCodeAt(0));
  new WebAssembly.Instance(new WebAssembly.Module(bytes), imports());
  isLinked = true;
}

/** Loads it behind everything else, and again if need be: past the browser's cache then, since what is in there may be broken. */
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

/** Engines before 2023 compile nothing of this size while everything waits; they do not even look whether it can be compiled. */
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
