// QR decoders that this project did not write, on what is really on screen.
import jsQR from "jsqr";
import { PNG } from "pngjs";
import { readBarcodes } from "zxing-wasm/reader";

// CommonJS module seen from ES modules.
const decodeWithJsQr = jsQR as unknown as (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null;

/** What each decoder reads in a PNG; null where it reads nothing. */
export async function decode(png: Buffer): Promise<{ zxing: string | null; jsqr: string | null }> {
  const zxing = await readBarcodes(png, { formats: ["QRCode"] });
  const image = PNG.sync.read(png);
  const jsqr = decodeWithJsQr(new Uint8ClampedArray(image.data), image.width, image.height);
  return { zxing: zxing[0]?.text ?? null, jsqr: jsqr?.data ?? null };
}

/** Width and height in modules that the quiet zone has on the left of a black on white symbol, given its modules. */
export function quietZoneModules(png: Buffer, modules: number): number {
  const { width, height, data } = PNG.sync.read(png);
  const isDark = (x: number, y: number) => (data[(y * width + x) * 4] ?? 255) < 128;
  let first = width;
  for (let y = 0; y < height; y++) for (let x = 0; x < first; x++) if (isDark(x, y)) first = x;
  return first / (width / modules);
}
