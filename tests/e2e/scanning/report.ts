// A Playwright reporter that writes docs/scanning.md. Each test attaches its measurements.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestResult } from "@playwright/test/reporter";
import { ALL_DECODERS, type Decoder } from "../support/decoders.ts";
import { DISTORTIONS } from "./distortions.ts";
import { type Attempt, LONGEST_SIDE, rate } from "./rates.ts";
import { SCALES, SCREENS, SIZES, THEMES, type Theme } from "./sheet.ts";

/** The measurements of one test. */
export interface Measured {
  browser?: string;
  themes?: { theme: Theme; decoder: Decoder; upright: boolean; turned: boolean; pure: boolean }[];
  attempts?: Attempt[];
  identical?: boolean;
  modules?: number;
}

const document = resolve(import.meta.dirname, "../../../docs/scanning.md");
const NAMES: Record<Decoder, string> = { zxing: "zxing", jsqr: "jsQR", opencv: "OpenCV", opencvOlder: "OpenCV, older" };
/**
 * Groups of distortions by their names in the report, where these differ. The groups seed the noise, so they
 * keep their names.
 */
const LABELS: Record<string, string> = {
  "as it is": "",
  "leant back": "tilted backwards",
  tilted: "tilted sideways",
  "shrunk to pixels a module": "shrunk, pixels per module",
  "dimmed to brightness": "dimmed to",
  "contrast left": "contrast reduced to",
  "all at once": "combined",
};

export default class Report implements Reporter {
  private readonly measured: Measured[] = [];
  private total = 0;
  private done = 0;
  private started = 0;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.total = suite.allTests().length;
    this.started = Date.now();
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.done += 1;
    const body = result.attachments.find(({ name }) => name === "measured")?.body;
    if (body) this.measured.push(JSON.parse(body.toString()) as Measured);
    const [screen, title] = [test.parent.title, test.title];
    console.log(`[${this.done}/${this.total}] ${screen}: ${title} (${Math.round(result.duration / 1000)} s)`);
    for (const error of result.errors) console.error(error.message);
  }

  onEnd(result: FullResult): void {
    if (result.status !== "passed" || this.measured.length < this.total) {
      console.error("some measurements are missing: docs/scanning.md is unchanged");
      return;
    }
    writeFileSync(document, written(this.measured));
    console.log(`docs/scanning.md written after ${Math.round((Date.now() - this.started) / 1000)} s`);
  }
}

function written(measured: Measured[]): string {
  const attempts = measured.flatMap((part) => part.attempts ?? []);
  const sheets = measured.filter((part) => part.attempts);
  const identical = sheets.filter((part) => part.identical).length;
  const sizes = [...new Set(sheets.map((part) => part.modules))].map((modules) => `${modules} × ${modules}`).join(", ");
  const browser = measured.find((part) => part.browser)?.browser ?? "";
  const moderate = DISTORTIONS.filter((distortion) => distortion.moderate).length;
  return `# How well the code scans

\`make scanning-report\` writes this document. \`tests/e2e/specs/scanning.spec.ts\` asserts the minimum.

## Method

Screenshots of the whole code sheet: built page, real backend, Chromium ${browser}.
Viewports: ${SIZES.map(({ width, height }) => `${width} × ${height}`).join(", ")}, with ${SCALES[0]} to ${SCALES.at(-1)} device pixels per CSS pixel.
A decoder succeeds if it returns the exact address with the digits below the code. Inversion is off.

- Decoders: zxing (zxing-wasm ${version("zxing-wasm")}), jsQR ${version("jsqr")}, OpenCV ${version("@techstark/opencv-js")} with
  \`QRCodeDetectorAruco\`. "OpenCV, older" is its \`QRCodeDetector\`.
- Reference: the same address, drawn by npm's qrcode ${version("qrcode")} at level M over the symbol in the screenshot.
  Place, module size, quiet zone, distortions and noise seeds are equal.
- The page drew ${sizes} modules. ${identical} of ${sheets.length} codes equal the reference; the others differ in mask or level.
- Pictures are first shrunk to at most ${LONGEST_SIDE} pixels, like camera frames.
- *Photo*: a hand-held camera sees a smaller, skewed sheet, with blur, uneven light, gamma and noise.
- Codes and ports differ between runs, so numbers vary slightly.

## Undistorted, by theme

Sheets decoded, of ${SCREENS.length} (every viewport and density). "a / b": upright / turned by 180°, one number if equal.
*Pure* counts symbols of pure black on pure white, with four modules of pure white around them.

${themes(measured.flatMap((part) => part.themes ?? []))}

*Forced dark*: Chromium darkens pages and prefers dark, as on Android. *Over light*: it darkens but prefers
light, as with \`--enable-features=WebContentsForceDark\` on a light desktop, or in a WebView with
\`USER_AGENT_DARKENING_ONLY\`.

## Distorted

Sheets decoded, of ${sheets.length} (${SCREENS.length} screens, light and dark). "a : b": page : reference; one number if equal.

Moderate distortions, which a till must tolerate:

${distortions(attempts, true)}

Severe distortions, which show where decoding ends:

${distortions(attempts, false)}

## By screen

Per cent of ${moderate} moderate distortions decoded.

${screens(attempts.filter((one) => one.moderate))}

## Limits

- In total, page and reference differ by a few per cent at most, in both directions: the decoder is the limit.
  Rows with few successes do not show which drawing is better.
- zxing decodes all moderate distortions. jsQR neither smooths nor adapts to low contrast. OpenCV needs more
  than two pixels per module. Its older detector sometimes misses an undistorted symbol, even the reference.
- No decoder reads a blur wider than half a module. Almost none reads glare two fifths of the symbol wide.
- OpenCV reads a brightness difference of 18 of 255, which a camera hardly sees. For themes, *pure* counts.
- Screenshots have no lens, moiré or motion. The decoders are libraries, not scanners of tills; WeChat's and
  Alipay's are missing.
`;
}

function themes(read: NonNullable<Measured["themes"]>): string {
  const rows = THEMES.map((theme) => {
    const here = read.filter((one) => one.theme === theme);
    const cells = ALL_DECODERS.map((decoder) => {
      const ones = here.filter((one) => one.decoder === decoder);
      return either(ones.filter((one) => one.upright).length, ones.filter((one) => one.turned).length, " / ");
    });
    const pure = here.filter((one) => one.decoder === "zxing" && one.pure).length;
    return [theme, String(pure), ...cells];
  });
  return table(["theme", "pure", ...ALL_DECODERS.map((decoder) => NAMES[decoder])], rows);
}

function distortions(attempts: Attempt[], moderate: boolean): string {
  const row = (label: string, chosen: Attempt[], figure: (attempts: Attempt[]) => number) => [
    label,
    ...ALL_DECODERS.map((decoder) => compared(chosen.filter((one) => one.decoder === decoder), figure)),
  ];
  const rows = DISTORTIONS.filter((distortion) => distortion.moderate === moderate).map(({ group, name }) => {
    const chosen = attempts.filter((one) => one.group === group && one.name === name);
    return row([LABELS[group] ?? group, name].filter(Boolean).join(": "), chosen, successes);
  });
  const all = attempts.filter((one) => one.moderate === moderate);
  // Each decoder has tried both drawings.
  const tried = all.length / ALL_DECODERS.length / 2;
  const header = ["distortion", ...ALL_DECODERS.map((decoder) => NAMES[decoder])];
  return table(header, [...rows, row(`all, of ${tried}`, all, successes), row("all, per cent", all, percent)]);
}

function screens(attempts: Attempt[]): string {
  const rows = [...new Set(attempts.map((one) => one.screen))].map((screen) => {
    const here = attempts.filter((one) => one.screen === screen);
    return [screen, ...ALL_DECODERS.map((decoder) => compared(here.filter((one) => one.decoder === decoder), percent))];
  });
  return table(["screen", ...ALL_DECODERS.map((decoder) => NAMES[decoder])], rows);
}

const successes = (attempts: Attempt[]) => attempts.filter((one) => one.read).length;
const percent = (attempts: Attempt[]) => Math.round(100 * rate(attempts));

/** A figure of the page and of the reference: "17 : 16", or "18" if they are equal. */
function compared(attempts: Attempt[], figure: (attempts: Attempt[]) => number): string {
  const [ours, reference] = (["ours", "reference"] as const).map((drawing) => figure(attempts.filter((one) => one.drawing === drawing)));
  return either(ours!, reference!, " : ");
}

function either(first: number, second: number, between: string): string {
  return first === second ? `${first}` : `${first}${between}${second}`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map((_, column) => (column ? "--:|" : "---|")).join("")}`, ...rows.map(line)].join("\n");
}

function version(name: string): string {
  const manifest = resolve(import.meta.dirname, "../node_modules", name, "package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
