// Writes docs/scanning.md from what the matrix measured. A Playwright reporter: tests hand over numbers as attachments.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestResult } from "@playwright/test/reporter";
import { ALL_DECODERS, type Decoder } from "../support/decoders.ts";
import { DISTORTIONS } from "./distortions.ts";
import { type Attempt, LONGEST_SIDE, rate } from "./rates.ts";
import { SCALES, SCREENS, SIZES, THEMES, type Theme } from "./sheet.ts";

/** What one test hands over. */
export interface Measured {
  browser?: string;
  themes?: { theme: Theme; decoder: Decoder; upright: boolean; turned: boolean; pure: boolean }[];
  attempts?: Attempt[];
  identical?: boolean;
  modules?: number;
}

const document = resolve(import.meta.dirname, "../../../docs/scanning.md");
const NAMES: Record<Decoder, string> = { zxing: "zxing", jsqr: "jsQR", opencv: "OpenCV", opencvOlder: "OpenCV, older" };

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
      console.error("not everything was measured: docs/scanning.md stays as it was");
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
  return `# How well the code is scanned

Written by \`make scanning-report\`. What must hold whatever happens is asserted by \`tests/e2e/specs/scanning.spec.ts\`;
this is how far it goes, and where reading ends.

## How it is measured

Screenshots of the whole code sheet of the built page over the real backend, in Chromium ${browser}: viewports of
${SIZES.map(({ width, height }) => `${width} × ${height}`).join(", ")}, ${SCALES[0]} to ${SCALES.at(-1)} device pixels a CSS pixel. A decoder has read a
picture if it gives exactly the address with the digits shown beneath the code. None of them may try the picture inverted.

Decoders: zxing (zxing-wasm ${version("zxing-wasm")}), jsQR ${version("jsqr")}, OpenCV (${version("@techstark/opencv-js")}) with
\`QRCodeDetectorAruco\`, and with its older \`QRCodeDetector\`.

The reference is the same address drawn by qrcode ${version("qrcode")} (npm) at level M, painted over the symbol of the
same screenshot: same place, module size and quiet zone. Both get the same distortions, with the same seeds for noise.
The page drew ${sizes} modules. ${identical} of ${sheets.length} codes came out identical, module by module; the others differ by
their mask or level, so that the comparison says something.

Before it is distorted a picture is shrunk to at most ${LONGEST_SIDE} pixels, as if seen by a scanner's camera. Strengths in modules
are the same on every screen. *Photo* is a frame of a hand-held camera: the sheet smaller and askew in a scene, out of
focus, unevenly lit, gamma and noise. Every code is another one; addresses carry the port of a test, so that numbers
differ a little from run to run.

## Undistorted, in every theme

Sheets read upright and turned by 180°, of ${SCREENS.length} each (every viewport and density). *Pure*: every pixel of the symbol is
pure black or pure white, four modules around it pure white.

${themes(measured.flatMap((part) => part.themes ?? []))}

*Forced dark* is Chromium darkening pages while it prefers dark, as on Android; *over light* while it prefers light, as
when it is started with \`--enable-features=WebContentsForceDark\` on a light desktop, or a WebView under \`USER_AGENT_DARKENING_ONLY\`.

## Distorted

Ours : the reference, in per cent of ${sheets.length} sheets (${SCREENS.length} screens, light and dark), and how many that are. Lines with a dot are
moderate: a till has to bear them.

${distortions(attempts)}

## By screen

Ours : the reference, moderate distortions only, in per cent of ${moderate} attempts a sheet.

${screens(attempts.filter((one) => one.moderate))}

## Limits

- The two drawings differ by a few attempts in a hundred at most, either way: where reading ends, the decoder ends it. Lines
  with few reads say little about which drawing is better.
- jsQR neither smooths nor adapts to low contrast: noise and dull pictures are beyond it. OpenCV needs more than two pixels a
  module. Its older detector misses an undistorted symbol now and then, the reference's alone on white too. zxing bears all that
  is moderate.
- A blur wider than half a module is beyond all of them, a lamp mirrored two fifths of the symbol wide beyond nearly all.
- OpenCV reads a difference of brightness (18 of 255) that a camera hardly sees. What counts in a theme is *pure*.
- This is arithmetic on screenshots: no lens, no moiré of screen and sensor, no motion. The decoders are libraries, not the
  scanners at a till; WeChat's and Alipay's are not among them.
`;
}

function themes(read: NonNullable<Measured["themes"]>): string {
  const rows = THEMES.map((theme) => {
    const here = read.filter((one) => one.theme === theme);
    const cells = ALL_DECODERS.map((decoder) => {
      const ones = here.filter((one) => one.decoder === decoder);
      return `${ones.filter((one) => one.upright).length}, ${ones.filter((one) => one.turned).length}`;
    });
    const pure = here.filter((one) => one.decoder === "zxing" && one.pure).length;
    return [theme, String(pure), ...cells];
  });
  return table(["theme", "pure", ...ALL_DECODERS.map((decoder) => NAMES[decoder])], rows);
}

function distortions(attempts: Attempt[]): string {
  const rows = DISTORTIONS.map(({ group, name, moderate }) => {
    const here = attempts.filter((one) => one.group === group && one.name === name);
    return [`${moderate ? "· " : ""}${group}: ${name}`, ...ALL_DECODERS.map((decoder) => both(here.filter((one) => one.decoder === decoder), true))];
  });
  const totals = [true, false].map((moderate) => {
    const here = attempts.filter((one) => one.moderate === moderate);
    const cells = ALL_DECODERS.map((decoder) => `**${both(here.filter((one) => one.decoder === decoder), true)}**`);
    return [moderate ? "**all moderate**" : "**all others**", ...cells];
  });
  return table(["distortion", ...ALL_DECODERS.map((decoder) => NAMES[decoder])], [...rows, ...totals]);
}

function screens(attempts: Attempt[]): string {
  const rows = [...new Set(attempts.map((one) => one.screen))].map((screen) => {
    const here = attempts.filter((one) => one.screen === screen);
    return [screen, ...ALL_DECODERS.map((decoder) => both(here.filter((one) => one.decoder === decoder), false))];
  });
  return table(["screen", ...ALL_DECODERS.map((decoder) => NAMES[decoder])], rows);
}

/** "94 : 89 % (17 : 16)" */
function both(attempts: Attempt[], counts: boolean): string {
  const [ours, reference] = (["ours", "reference"] as const).map((drawing) => attempts.filter((one) => one.drawing === drawing));
  const [percent, read] = [(all = attempts) => Math.round(100 * rate(all)), (all = attempts) => all.filter((one) => one.read).length];
  return `${percent(ours)} : ${percent(reference)} %${counts ? ` (${read(ours)} : ${read(reference)})` : ""}`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column ? "--:" : "---"))), ...rows.map(line)].join("\n");
}

function version(name: string): string {
  const manifest = resolve(import.meta.dirname, "../node_modules", name, "package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
