// @ts-nocheck The replacements of the browser's functions have simpler types.
// Functions that run in a page before its own code. Each is passed as text, so it cannot use the rest of this
// file.

/** Tracks pending timers and finds the wasm's memory: `window.alive`, `window.wasmMemory`. */
export function watchLife() {
  const alive = { timeouts: new Set(), intervals: new Set() };
  Object.assign(window, { alive, wasmMemory: null });
  const { setTimeout, clearTimeout, setInterval, clearInterval } = window;
  window.setTimeout = (callback, ...rest) => {
    const handle = setTimeout((...args) => (alive.timeouts.delete(handle), callback(...args)), ...rest);
    alive.timeouts.add(handle);
    return handle;
  };
  window.setInterval = (...args) => {
    const handle = setInterval(...args);
    alive.intervals.add(handle);
    return handle;
  };
  // Timeouts and intervals share their ids, so either function clears both.
  const cleared = (clear) => (handle) => {
    alive.timeouts.delete(handle);
    alive.intervals.delete(handle);
    clear(handle);
  };
  window.clearTimeout = cleared(clearTimeout);
  window.clearInterval = cleared(clearInterval);
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const start = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const started = await start.apply(WebAssembly, args);
      const { exports } = started.instance ?? started;
      window.wasmMemory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory) ?? window.wasmMemory;
      return started;
    };
  }
}

/** Makes time in the page run `factor` times as fast, and lets the bench skip time: `window.pageTime`. */
export function moveTime(factor) {
  const RealDate = Date;
  const real = performance.now.bind(performance);
  const [since, began] = [real(), RealDate.now()];
  let skipped = 0;
  const monotonic = () => since + (real() - since) * factor + skipped;
  const wall = () => began + monotonic() - since;
  performance.now = monotonic;
  window.Date = class extends RealDate {
    constructor(...all) {
      if (all.length === 0) super(Math.floor(wall()));
      else super(...all);
    }
    static now() {
      return Math.floor(wall());
    }
  };
  for (const name of ["setTimeout", "setInterval"]) {
    const start = window[name].bind(window);
    window[name] = (callback, delay = 0, ...rest) => start(callback, delay / factor, ...rest);
  }
  window.pageTime = { real, wall, factor, skip: (millis) => (skipped += millis) };
}

/**
 * Answers the page's requests with the backend's first answers, at the page's own time. The event stream
 * stays open and sends nothing. In accelerated time the real backend's clock would not match, and its answers
 * would take hours.
 */
export function standInForBackend() {
  const ask = window.fetch.bind(window);
  const kept = new Map();
  const { wall } = window.pageTime;
  window.fetch = async (request, init) => {
    const asked = new Request(request, init);
    if (!new URL(asked.url).pathname.startsWith("/v1/")) return ask(request, init);
    const before = wall();
    const key = `${asked.method} ${asked.url}`;
    if (!kept.has(key) || asked.method !== "GET") {
      const { ok, status, headers, ...rest } = await ask(request, init).then(async (answer) => ({ ok: answer.ok, status: answer.status, headers: [...answer.headers], text: await answer.text() }));
      kept.set(key, { status, headers, json: rest.text ? JSON.parse(rest.text) : null, ok });
    }
    const { status, headers, json } = kept.get(key);
    const answer = json && structuredClone(json);
    // The backend computed the opening state for the real day.
    for (const shop of answer?.shops ?? []) shop.open = { state: "unknown" };
    if (answer?.serverTime) answer.serverTime = Math.round((before + wall()) / 2);
    return new Response(answer && JSON.stringify(answer), { status, headers });
  };
  window.EventSource = class extends EventTarget {
    static CLOSED = 2;
    readyState = 1;
    constructor() {
      super();
      window.setTimeout(() => this.dispatchEvent(new MessageEvent("hello", { data: "{}" })), 0);
    }
    close() {
      this.readyState = 2;
    }
  };
}

/** Delays the backend's answers, whichever code requested them. */
export function lateAnswers(late) {
  const ask = window.fetch.bind(window);
  window.fetch = async (request, init) => {
    const { pathname } = new URL(request.url ?? request, location.href);
    const answer = await ask(request, init);
    if (pathname.startsWith("/v1/")) await new Promise((done) => setTimeout(done, late));
    return answer;
  };
}

/** Records code changes, in the page's time and as marks in a trace: `window.swaps` of `[wall, digits]`. */
export function watchSwaps() {
  const swaps = [];
  const blanks = { count: 0 };
  Object.assign(window, { swaps, blanks });
  let last = "";
  const look = () => {
    const digits = document.querySelector('[data-testid="code-digits"]')?.textContent.replaceAll(" ", "") ?? "";
    const drawn = document.querySelector('[data-testid="code-qr"] path')?.getAttribute("d") ?? "";
    if (swaps.length > 0 && (!digits || !drawn)) blanks.count++;
    if (!digits || digits === last) return;
    last = digits;
    performance.mark("swap");
    swaps.push([window.pageTime.wall(), digits]);
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["d"] });
}
