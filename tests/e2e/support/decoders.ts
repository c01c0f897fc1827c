// QR decoders that this project did not write, on what is really on screen.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import jsQR from "jsqr";
import { PNG } from "pngjs";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

/** An image as decoders take it: four bytes a pixel, red, green, blue, alpha. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

/** Those that must read every sheet. */
export const DECODERS = ["zxing", "jsqr", "opencv"] as const;
/** OpenCV's older detector too: now and then it misses a symbol, whoever draws it, so that it is only compared. */
export const ALL_DECODERS = [...DECODERS, "opencvOlder"] as const;
export type Decoder = (typeof ALL_DECODERS)[number];

/** None of them may try the image inverted: that is what many scanners do not do, and a white-on-black symbol must fail. */
const readers: Record<Decoder, (picture: Picture) => Promise<string | null>> = {
  zxing: readWithZxing,
  jsqr: async ({ data, width, height }) => decodeWithJsQr(data, width, height, { inversionAttempts: "dontInvert" })?.data ?? null,
  opencv: (picture) => readWithOpenCv(picture, "QRCodeDetectorAruco"),
  opencvOlder: (picture) => readWithOpenCv(picture, "QRCodeDetector"),
};

/** What one decoder reads. */
export async function readWith(decoder: Decoder, picture: Picture): Promise<string | null> {
  return (await readers[decoder](picture)) || null;
}

/** What zxing and jsQR read in a PNG. */
export async function decode(png: Buffer): Promise<{ zxing: string | null; jsqr: string | null }> {
  const picture = fromPng(png);
  return { zxing: await readWith("zxing", picture), jsqr: await readWith("jsqr", picture) };
}

/** A PNG's pixels. */
export function fromPng(png: Buffer): Picture {
  const { width, height, data } = PNG.sync.read(png);
  return { width, height, data: new Uint8ClampedArray(data) };
}

/** A picture as a PNG, to look at. */
export function toPng({ width, height, data }: Picture): Buffer {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data);
  return PNG.sync.write(png);
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

// --- zxing -----------------------------------------------------------------------------------------------------------
// From the package itself; by default it would be fetched from a CDN.
const wasmFile = new URL(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm"));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasmFile)).buffer } });

async function readWithZxing(picture: Picture): Promise<string | null> {
  return (await inspect(picture))?.text ?? null;
}

/** What zxing says about the symbol it reads. */
export async function inspect(picture: Picture): Promise<{ text: string; level: string; extra: string } | null> {
  // It takes what a canvas gives, of which Node.js has no constructor.
  const [found] = await readBarcodes({ ...picture, colorSpace: "srgb" } as ImageData, { formats: ["QRCode"], tryInvert: false });
  return found ? { text: found.text, level: found.ecLevel, extra: found.extra } : null;
}

// --- jsQR ------------------------------------------------------------------------------------------------------------
// CommonJS module seen from ES modules.
type JsQr = (data: Uint8ClampedArray, width: number, height: number, options: { inversionAttempts: "dontInvert" }) => { data: string } | null;
const decodeWithJsQr = jsQR as unknown as JsQr;

// --- OpenCV ----------------------------------------------------------------------------------------------------------
interface Mat {
  data: Uint8Array;
  delete(): void;
}
type QrDetector = new () => { detectAndDecode(image: Mat, points: Mat, symbol: Mat): string; delete(): void };
interface OpenCv {
  Mat: { new (): Mat; new (rows: number, columns: number, type: number): Mat };
  QRCodeDetector: QrDetector;
  QRCodeDetectorAruco: QrDetector;
  CV_8UC4: number;
  COLOR_RGBA2GRAY: number;
  cvtColor(from: Mat, to: Mat, code: number): void;
  onRuntimeInitialized?: () => void;
}

let opencv: Promise<{ cv: OpenCv }> | undefined;

// Loaded when first used: it is eleven megabytes. Not returned bare: the module has a `then` that never ends an `await`.
function openCv(): NonNullable<typeof opencv> {
  opencv ??= (async () => {
    const cv = createRequire(import.meta.url)("@techstark/opencv-js") as OpenCv;
    if (!cv.Mat) await new Promise<void>((ready) => (cv.onRuntimeInitialized = ready));
    return { cv };
  })();
  return opencv;
}

async function readWithOpenCv({ width, height, data }: Picture, by: "QRCodeDetector" | "QRCodeDetectorAruco"): Promise<string | null> {
  const { cv } = await openCv();
  const detector = new cv[by]();
  const [colour, gray, points, symbol] = [new cv.Mat(height, width, cv.CV_8UC4), new cv.Mat(), new cv.Mat(), new cv.Mat()];
  try {
    colour.data.set(data);
    cv.cvtColor(colour, gray, cv.COLOR_RGBA2GRAY);
    return detector.detectAndDecode(gray, points, symbol);
  } catch (error) {
    // C++ exceptions come as bare numbers. It has them for some images in which it finds less than a symbol.
    if (typeof error === "number") return null;
    throw error;
  } finally {
    for (const owned of [detector, colour, gray, points, symbol]) owned.delete();
  }
}
