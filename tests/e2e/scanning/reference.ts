// The same payload, drawn by another QR library at the same place and size. Our drawing is compared with it.
import QRCode from "qrcode";
import type { Picture } from "../support/decoders.ts";
import type { Sheet, Symbol } from "./sheet.ts";

/** The error correction level of the reference. The page's level may differ. */
const LEVEL = "M";

/** The dark modules of the reference. */
export function referenceModules(payload: string): { modules: number; dark: boolean[] } {
  const { modules } = QRCode.create(payload, { errorCorrectionLevel: LEVEL });
  return { modules: modules.size, dark: Array.from(modules.data, Boolean) };
}

/**
 * The sheet with the reference painted over its symbol. Everything else is unchanged, also the quiet zone.
 */
export function withReference(sheet: Sheet, ours: Symbol, payload: string): Picture {
  const { modules, dark } = referenceModules(payload);
  if (modules !== ours.modules) throw new Error(`the page draws ${ours.modules} modules a side, the reference ${modules}`);
  const { width, height } = sheet.picture;
  const data = new Uint8ClampedArray(sheet.picture.data);
  for (let y = 0; y < ours.box.height; y++) {
    for (let x = 0; x < ours.box.width; x++) {
      const [column, row] = [Math.floor(x / ours.module), Math.floor(y / ours.module)];
      data.fill(dark[row * modules + column] ? 0 : 255, pixel(x, y), pixel(x, y) + 3);
    }
  }
  return { width, height, data };

  function pixel(x: number, y: number): number {
    return ((ours.box.top + y) * width + ours.box.left + x) * 4;
  }
}
