// Draws the PNGs in icons/ from the SVGs beside them, in the browser of the end-to-end tests. Run it after
// changing one:
//   . tools/env.sh; node tools/draw-icons.mjs
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const { chromium } = createRequire(join(root, "tests/e2e/package.json"))("@playwright/test");

/**
 * The drawing, the file and its size in pixels. iOS rounds corners itself; its icon must not be transparent.
 */
const FILES = [
  ["icon.svg", "icon-192.png", 192],
  ["icon.svg", "icon-512.png", 512],
  ["maskable.svg", "maskable-192.png", 192],
  ["maskable.svg", "maskable-512.png", 512],
  ["maskable.svg", "apple-touch-icon.png", 180],
  ["monochrome.svg", "monochrome-512.png", 512],
  ["code.svg", "code-96.png", 96],
];

const executablePath =
  process.env.CHROMIUM ?? execFileSync("sh", ["-c", "command -v chromium || command -v google-chrome"], { encoding: "utf8" }).trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
for (const [drawing, file, size] of FILES) {
  await page.setViewportSize({ width: size, height: size });
  const svg = readFileSync(join(root, "icons", drawing), "utf8");
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  const png = await page.screenshot({ omitBackground: true });
  writeFileSync(join(root, "icons", file), png);
  console.log(`  ${(png.length / 1024).toFixed(1).padStart(6)} KB  ${file}`);
}
await browser.close();
