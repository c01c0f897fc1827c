// Replaces clock, storage and network of a scene's document, so that a scene does not depend on the network,
// the clock or another scene. This file is the body of a function of `at` (the instant, in UTC milliseconds),
// `speed` (scene seconds per real second) and `backend` ("samples", "silent", "down" or "signed-out"). It
// runs for each scene.
const device = (window.galleryDevice ??= {
  now: performance.now.bind(performance),
  setTimeout: window.setTimeout.bind(window),
  setInterval: window.setInterval.bind(window),
});

const from = device.now();
const passed = () => (device.now() - from) * speed;
Date.now = () => Math.floor(at + passed());
performance.now = () => from + passed();
const sooner = (timer) => (act, wait = 0, ...rest) => timer(act, wait / Math.max(speed, 1), ...rest);
window.setTimeout = sooner(device.setTimeout);
window.setInterval = sooner(device.setInterval);

const kept = new Map();
const storage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => void kept.set(name, String(value)),
  removeItem: (name) => void kept.delete(name),
};
Object.defineProperty(window, "localStorage", { configurable: true, value: storage });
Object.defineProperty(window, "indexedDB", { configurable: true, value: undefined });

const refusal = (status, kind) => () =>
  Promise.resolve(new Response(JSON.stringify({ type: `/problems/${kind}`, title: kind, status }), { status }));
window.fetch = {
  // Debug builds answer with samples if the network fails.
  samples: () => Promise.reject(new TypeError("a scene has no network")),
  silent: () => new Promise(() => {}),
  down: refusal(500, "internal"),
  "signed-out": refusal(401, "unauthorized"),
}[backend];
window.EventSource = class extends EventTarget {
  readyState = 2;
  close() {}
};
