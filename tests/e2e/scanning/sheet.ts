// Screenshots of the real code sheet in every theme, and the position of the symbol on them.
import type { CDPSession, Page } from "@playwright/test";
import { type Picture, fromPng } from "../support/decoders.ts";
import { expect, shownDigits } from "../support/test.ts";

export const SIZES = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
] as const;
export const SCALES = [1, 2, 3] as const;

/** Every size at every screen density, with a name. */
export const SCREENS = SIZES.flatMap((viewport) =>
  SCALES.map((scale) => ({ name: `${viewport.width}x${viewport.height}@${scale}`, viewport, scale })),
);

/** All themes that a browser can apply to the page. */
export const THEMES = ["light", "dark", "forced colours", "forced colours, dark", "forced dark", "forced dark over light"] as const;
export type Theme = (typeof THEMES)[number];

/** The preferences that the browser reports, and whether it darkens the page itself. */
const BROWSERS: Record<Theme, { colorScheme: "light" | "dark"; forcedColors: "active" | "none"; darkens: boolean }> = {
  light: { colorScheme: "light", forcedColors: "none", darkens: false },
  dark: { colorScheme: "dark", forcedColors: "none", darkens: false },
  "forced colours": { colorScheme: "light", forcedColors: "active", darkens: false },
  "forced colours, dark": { colorScheme: "dark", forcedColors: "active", darkens: false },
  // Like Chrome on Android: it prefers dark, darkens pages, and skips parts with their own dark theme.
  "forced dark": { colorScheme: "dark", forcedColors: "none", darkens: true },
  // Like Chromium with WebContentsForceDark on a light desktop, and WebViews that darken pages themselves.
  "forced dark over light": { colorScheme: "light", forcedColors: "none", darkens: true },
};

/** Rectangle in pixels of a picture. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A screenshot of the whole sheet. */
export interface Sheet {
  theme: Theme;
  picture: Picture;
  /** The white panel. */
  panel: Box;
  /** The 20 digits shown. */
  digits: string;
}

/** Switches the theme and checks that it is active. A test in another theme would prove nothing. */
async function wear(page: Page, theme: Theme): Promise<void> {
  const { colorScheme, forcedColors, darkens } = BROWSERS[theme];
  await (await devtools(page)).send("Emulation.setAutoDarkModeOverride", { enabled: darkens });
  await page.emulateMedia({ colorScheme, forcedColors });
  // With `color-scheme: light`, an element is dark only if the browser darkens by force.
  const seen = () =>
    page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement("div"));
      probe.style.backgroundColor = "canvas";
      probe.style.colorScheme = "light";
      const brightness = Number(/\d+/.exec(getComputedStyle(probe).backgroundColor)?.[0]);
      probe.remove();
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      // Forced colours have their own canvas colour.
      const forced = matchMedia("(forced-colors: active)").matches;
      return { colorScheme: dark ? "dark" : "light", forced, darkens: !forced && brightness < 128 };
    });
  await expect.poll(seen, `the browser is in '${theme}'`).toEqual({ colorScheme, forced: forcedColors === "active", darkens });
}

// The override ends with its session, so sessions are kept.
const sessions = new WeakMap<Page, Promise<CDPSession>>();

function devtools(page: Page): Promise<CDPSession> {
  const session = sessions.get(page) ?? page.context().newCDPSession(page);
  sessions.set(page, session);
  return session;
}

/** Takes a picture of the open sheet in a theme. Takes another if the code changes meanwhile. */
export async function pictureOf(page: Page, theme: Theme): Promise<Sheet> {
  await wear(page, theme);
  for (;;) {
    const digits = await shownDigits(page);
    const sheet = page.getByTestId("code-sheet");
    const shot = await sheet.screenshot({ animations: "disabled" });
    const [outer, inner] = [await sheet.boundingBox(), await page.getByTestId("code-qr").boundingBox()];
    if ((await shownDigits(page)) !== digits) continue;
    if (!outer || !inner) throw new Error("the sheet or its panel is not visible");
    const picture = fromPng(shot);
    const pixels = await page.evaluate(() => devicePixelRatio);
    const panel = {
      left: Math.round((inner.x - Math.floor(outer.x)) * pixels),
      top: Math.round((inner.y - Math.floor(outer.y)) * pixels),
      width: Math.round(inner.width * pixels),
      height: Math.round(inner.height * pixels),
    };
    return { theme, picture, panel, digits };
  }
}

/** A symbol on a picture. */
export interface Symbol {
  /** The bounding box of its dark modules. The quiet zone is around it. */
  box: Box;
  /** Pixels per module. */
  module: number;
  /** Modules per side, without the quiet zone. */
  modules: number;
  /** Whether each module is dark, row by row. */
  dark: boolean[];
  /**
   * Pixels that are not pure: neither white nor black in the symbol, not white in its quiet zone of four
   * modules.
   */
  impure: number;
}

/** Finds the symbol in a sheet's panel. Returns `null` if there is no black symbol on white. */
export function symbolOn({ picture: { width, data }, panel }: Sheet): Symbol | null {
  const at = (x: number, y: number) => data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3);
  const isDark = (x: number, y: number) => at(x, y)[1]! < 128;
  // Dark pixels in the panel belong to the symbol. The inset skips the sheet behind the rounded corners and
  // half pixels at the edge.
  const inset = Math.round(panel.width * 0.06);
  const [left, right] = [panel.left + inset, panel.left + panel.width - inset];
  const [top, bottom] = [panel.top + inset, panel.top + panel.height - inset];
  let [x0, y0, x1, y1] = [right, bottom, left, top];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (!isDark(x, y)) continue;
      [x0, x1] = [Math.min(x0, x), Math.max(x1, x)];
      [y0, y1] = [Math.min(y0, y), Math.max(y1, y)];
    }
  }
  if (x1 <= x0) return null;
  const box = { left: x0, top: y0, width: x1 - x0 + 1, height: y1 - y0 + 1 };
  const module = finderEdge(box, isDark) / 7;
  const modules = Math.round(box.width / module);
  // Every version has 17 + 4 × version modules per side.
  if (modules < 21 || modules > 177 || modules % 4 !== 1) return null;
  const dark = Array.from({ length: modules * modules }, (_, index) => {
    const [column, row] = [index % modules, Math.floor(index / modules)];
    return isDark(Math.floor(x0 + (column + 0.5) * module), Math.floor(y0 + (row + 0.5) * module));
  });
  const zone = Math.round(4 * module);
  let impure = 0;
  for (let y = y0 - zone; y <= y1 + zone; y++) {
    for (let x = x0 - zone; x <= x1 + zone; x++) {
      if (inCorner(x - panel.left, y - panel.top, panel)) continue;
      const inside = x >= x0 && x <= x1 && y >= y0 && y <= y1;
      const pixel = at(x, y);
      const white = pixel.every((channel) => channel === 255);
      const black = pixel.every((channel) => channel === 0);
      if (!white && !(inside && black)) impure++;
    }
  }
  return { box, module, modules, dark, impure };
}

/** Whether a point is in a rounded corner of the panel, where the sheet is visible. */
function inCorner(x: number, y: number, { width, height }: Box): boolean {
  const corner = width * 0.1;
  return Math.min(x, width - 1 - x) < corner && Math.min(y, height - 1 - y) < corner;
}

/**
 * The length of a finder pattern's outer edge in pixels. One corner has no finder; which one depends on the
 * rotation.
 */
function finderEdge({ left, top, width, height }: Box, isDark: (x: number, y: number) => boolean): number {
  const run = (y: number, from: number, step: number) => {
    let length = 0;
    while (length < width && isDark(from + length * step, y)) length++;
    return length;
  };
  const [right, bottom] = [left + width - 1, top + height - 1];
  const edges = [run(top, left, 1), run(top, right, -1), run(bottom, left, 1), run(bottom, right, -1)].sort((a, b) => a - b);
  return edges[2]!;
}

/** The picture turned by 180 degrees, pixel for pixel. */
export function turnedOver({ width, height, data }: Picture): Picture {
  const pixels = new Uint32Array(data.slice().buffer).reverse();
  return { width, height, data: new Uint8ClampedArray(pixels.buffer) };
}
