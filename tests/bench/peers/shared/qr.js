// The symbol as one path, quiet zone included. Of npm's `qrcode` the part that makes symbols; its renderers stay out.
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
