// Three ways to draw a symbol, on an otherwise empty page: one SVG path, a canvas, an image.
import { createRequire } from "node:module";
import { launch, phone, slowed } from "../lib/browser.mjs";
import { written } from "../lib/report.mjs";
import { median, p95, rotated } from "../lib/statistics.mjs";
import { traced, workAfter } from "../lib/trace.mjs";

const { create } = createRequire(import.meta.url)("qrcode");
const QUIET_ZONE = 4;
const AROUND = 100;

/** Symbols as rows of dark and light modules, with payloads as long as ours. */
const symbols = (count) =>
  Array.from({ length: count }, (_, index) => {
    const { size, data } = create(`HTTPS://CARD.EXAMPLE/R/66${String(index * 7_919).padStart(18, "3")}`, { errorCorrectionLevel: "M" }).modules;
    return { size, dark: [...data].map(Boolean) };
  });

/** Runs in the page. `show(way, index)` draws a symbol in its own task and marks the start. */
function drawers([quiet, symbols]) {
  const panel = document.body.appendChild(document.createElement("div"));
  panel.style.cssText = "inline-size:333px;block-size:333px;background:#fff";
  const svg = () => {
    panel.innerHTML = '<svg width="333" height="333" shape-rendering="crispEdges"><path/></svg>';
    const [element, path] = [panel.firstChild, panel.querySelector("path")];
    return ({ size, dark }) => {
      let d = "";
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; ) {
          let run = 0;
          while (x + run < size && dark[y * size + x + run]) run++;
          if (run) d += `M${x + quiet} ${y + quiet}h${run}v1h-${run}z`;
          x += run || 1;
        }
      }
      element.setAttribute("viewBox", `0 0 ${size + 2 * quiet} ${size + 2 * quiet}`);
      path.setAttribute("d", d);
    };
  };
  /** Draws at the panel's size in device pixels, with whole pixels per module. */
  const paint = (canvas, { size, dark }) => {
    const module = Math.floor((333 * devicePixelRatio) / (size + 2 * quiet));
    canvas.width = canvas.height = module * (size + 2 * quiet);
    const context = canvas.getContext("2d", { alpha: false });
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = "#000";
    for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) if (dark[y * size + x]) context.fillRect((x + quiet) * module, (y + quiet) * module, module, module);
  };
  const canvas = () => {
    panel.innerHTML = '<canvas style="inline-size:333px"></canvas>';
    return (symbol) => paint(panel.firstChild, symbol);
  };
  const image = () => {
    panel.innerHTML = '<img width="333" height="333" style="image-rendering:pixelated">';
    const hidden = document.createElement("canvas");
    return async (symbol) => {
      paint(hidden, symbol);
      const next = new Image(333, 333);
      next.src = hidden.toDataURL();
      // Wait for decoding, or the panel would be empty for one frame.
      await next.decode();
      panel.firstChild.replaceWith(next);
    };
  };
  const made = {};
  const ways = { svg, canvas, image };
  Object.assign(window, {
    prepare: (way) => (made[way] = ways[way]()),
    show: async (way, index) => {
      await new Promise((done) => setTimeout(done, 0));
      performance.mark(`draw-${way}`);
      const from = performance.now();
      await made[way](symbols[index]);
      await new Promise((done) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        requestAnimationFrame(() => port2.postMessage(0));
      });
      return performance.now() - from;
    },
  });
}

export async function measure({ quick, say }) {
  say("one symbol drawn as path, canvas and image");
  const ways = ["svg", "canvas", "image"];
  const rounds = quick ? 3 : 20;
  const browser = await launch();
  const page = await (await browser.newContext(phone)).newPage();
  const session = await slowed(page);
  const warming = 2;
  const all = symbols(rounds + warming + 1);
  await page.evaluate(drawers, [QUIET_ZONE, all]);
  const shown = Object.fromEntries(ways.map((way) => [way, []]));
  const work = Object.fromEntries(ways.map((way) => [way, []]));
  for (let round = 0; round < rounds + warming; round++) {
    for (const way of rotated(ways, round)) {
      await page.evaluate((way) => window.prepare(way), way);
      // The first drawing is not a change, and only changes count.
      await page.evaluate(([way, index]) => window.show(way, index), [way, round + 1]);
      await page.waitForTimeout(AROUND);
      let time = 0;
      const events = await traced(session, async () => {
        time = await page.evaluate(([way, index]) => window.show(way, index), [way, round]);
        await page.waitForTimeout(AROUND);
      });
      if (round < warming) continue;
      shown[way].push(time);
      work[way].push(workAfter(events, `draw-${way}`, AROUND)[0].all);
    }
  }
  await browser.close();
  const names = { svg: "one SVG path (used by the page)", canvas: "canvas", image: "image (PNG of a canvas)" };
  const value = (values) => `${written(median(values))} (${written(p95(values))})`;
  const lines = ways.map((way) => [names[way], value(work[way]), value(shown[way])]);
  return [{ title: "Drawing the symbol", tables: [{ title: "", header: ["method", "main thread, ms", "until on screen, ms"], lines }] }];
}
