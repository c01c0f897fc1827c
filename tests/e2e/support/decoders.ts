// QR decoders that this project did not write, on what is really on screen.
import { readFileSync } from "node:fs";
import jsQR from "jsqr";
import { PNG } from "pngjs";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

// From the package itself; by default it would be fetched from a CDN.
const wasmFile = new URL(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm"));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasmFile)).buffer } });

// CommonJS module seen from ES modules.
const decodeWithJsQr = jsQR as unknown as (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null;

/** What each decoder reads in a PNG; null where it reads nothing. */
export async function decode(png: Buffer): Promise<{ zxing: string | null; jsqr: string | null }> {
  const zxing = await readBarcodes(png, { formats: ["QRCode"] });
  const image = PNG.sync.read(png);
  const jsqr = decodeWithJsQr(new Uint8ClampedArray(image.data), image.width, image.height);
  return { zxing: zxing[0]?.text ?? null, jsqr: jsqr?.data ?? null };
}

/** How many modules wide the quiet zone left of the symbol is, in a picture of the panel that is `modules` wide. */
export function quietZoneModules(png: Buffer, modules: number): number {
  const { width, height, data } = PNG.sync.read(png);
  const isDark = (x: number, y: number) => (data[(y * width + x) * 4] ?? 255) < 128;
  let first = width;
  // Not the uppermost and lowest rows: outside the panel's rounded corners the page shows, which may be dark.
  for (let y = Math.round(height * 0.11); y < height * 0.89; y++) for (let x = 0; x < first; x++) if (isDark(x, y)) first = x;
  return first / (width / modules);
}
