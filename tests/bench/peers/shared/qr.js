// Draws the symbol as one path, with the quiet zone. Uses only the encoder of npm's `qrcode`, not its
// renderers.
import { create } from "qrcode/lib/core/qrcode.js";

const QUIET_ZONE = 4;

export function symbol(payload) {
  const { size, data } = create(payload, { errorCorrectionLevel: "M" }).modules;
  let path = "";
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; ) {
      let run = 0;
      while (x + run < size && data[y * size + x + run]) run++;
      if (run) path += `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h${run}v1h-${run}z`;
      x += run || 1;
    }
  }
  return { modules: size + 2 * QUIET_ZONE, path };
}
