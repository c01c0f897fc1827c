// Independent QR decoders, for screenshots.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import jsQR from "jsqr";
import { PNG } from "pngjs";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

/** An image for the decoders: four bytes a pixel, red, green, blue, alpha. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

/** The decoders that must read every sheet. */
export const DECODERS = ["zxing", "jsqr", "opencv"] as const;
/** Also OpenCV's older detector. It sometimes misses a symbol of any library, so it is only compared. */
export const ALL_DECODERS = [...DECODERS, "opencvOlder"] as const;
export type Decoder = (typeof ALL_DECODERS)[number];

/** No decoder tries the inverted image. Many scanners do not, so a white-on-black symbol must fail. */
const readers: Record<Decoder, (picture: Picture) => Promise<string | null>> = {
  zxing: readWithZxing,
  jsqr: async ({ data, width, height }) => decodeWithJsQr(data, width, height, { inversionAttempts: "dontInvert" })?.data ?? null,
  opencv: (picture) => readWithOpenCv(picture, "QRCodeDetectorAruco"),
  opencvOlder: (picture) => readWithOpenCv(picture, "QRCodeDetector"),
};

/** Decodes a picture with one decoder. `null`: it finds no symbol. */
export async function readWith(decoder: Decoder, picture: Picture): Promise<string | null> {
  return (await readers[decoder](picture)) || null;
}

/** Decodes a PNG with zxing and jsQR. */
export async function decode(png: Buffer): Promise<{ zxing: string | null; jsqr: string | null }> {
  const picture = fromPng(png);
  return { zxing: await readWith("zxing", picture), jsqr: await readWith("jsqr", picture) };
}

/** Converts a PNG to a picture. */
export function fromPng(png: Buffer): Picture {
  const { width, height, data } = PNG.sync.read(png);
  return { width, height, data: new Uint8ClampedArray(data) };
}

/** Converts a picture to a PNG. */
export function toPng({ width, height, data }: Picture): Buffer {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data);
  return PNG.sync.write(png);
}

/** The width of the quiet zone left of the symbol, in modules. The picture shows the panel, `modules` wide. */
export function quietZoneModules(png: Buffer, modules: number): number {
  const { width, height, data } = PNG.sync.read(png);
  const isDark = (x: number, y: number) => (data[(y * width + x) * 4] ?? 255) < 128;
  let first = width;
  // The first and last rows are left out: they show the page outside the panel's rounded corners, which may be dark.
  for (let y = Math.round(height * 0.11); y < height * 0.89; y++) for (let x = 0; x < first; x++) if (isDark(x, y)) first = x;
  return first / (width / modules);
}

// --- zxing -----------------------------------------------------------------------------------------------------------
// The wasm comes from the package. By default it would be fetched from a CDN.
const wasmFile = new URL(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm"));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasmFile)).buffer } });

async function readWithZxing(picture: Picture): Promise<string | null> {
  return (await inspect(picture))?.text ?? null;
}

/** Decodes a picture with zxing and returns the symbol's text and properties. */
export async function inspect(picture: Picture): Promise<{ text: string; level: string; extra: string } | null> {
  // zxing takes an `ImageData`, for which Node.js has no constructor.
  const [found] = await readBarcodes({ ...picture, colorSpace: "srgb" } as ImageData, { formats: ["QRCode"], tryInvert: false });
  return found ? { text: found.text, level: found.ecLevel, extra: found.extra } : null;
}

// --- jsQR ------------------------------------------------------------------------------------------------------------
// The type of a CommonJS module in an ES module.
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

// OpenCV has eleven megabytes, so it is loaded at its first use. It is wrapped in an object: the module has a `then`,
// which would never end an `await`.
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
    // C++ exceptions are thrown as numbers. OpenCV throws for some images with a part of a symbol.
    if (typeof error === "number") return null;
    throw error;
  } finally {
    for (const owned of [detector, colour, gray, points, symbol]) owned.delete();
  }
}
