// Pixel arithmetic on brightness; decoders use nothing else. Pure and deterministic.
import type { Picture } from "../support/decoders.ts";

/** Brightness from 0 to 255, one number per pixel, row by row. */
export interface Plane {
  width: number;
  height: number;
  data: Float32Array;
}

/** Marks pixels outside the picture. They become gray in a picture; a scene shows through them. */
const NOTHING = Number.NaN;
const GRAY = 128;

export function plane(width: number, height: number): Plane {
  return { width, height, data: new Float32Array(width * height) };
}

/** Brightness of a picture, with the weights of ITU-R BT.601. */
export function brightness({ width, height, data }: Picture): Plane {
  const to = plane(width, height);
  for (let at = 0; at < to.data.length; at++) to.data[at] = 0.299 * data[at * 4]! + 0.587 * data[at * 4 + 1]! + 0.114 * data[at * 4 + 2]!;
  return to;
}

/** A gray picture in eight bits, as a camera delivers it. */
export function picture({ width, height, data }: Plane): Picture {
  const to = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at++) to.fill(data[at]!, at * 4, at * 4 + 3);
  for (let at = 3; at < to.length; at += 4) to[at] = 255;
  return { width, height, data: to };
}

/** Shrinks by `scale` (at most 1): each pixel is the mean of the area it covers, as on a sensor. */
export function shrink(from: Plane, scale: number): Plane {
  if (scale >= 1) return from;
  return transpose(shrinkRows(transpose(shrinkRows(from, scale)), scale));
}

function shrinkRows(from: Plane, scale: number): Plane {
  const to = plane(Math.max(1, Math.round(from.width * scale)), from.height);
  const step = from.width / to.width;
  for (let x = 0; x < to.width; x++) {
    const [start, end] = [x * step, Math.min(from.width, (x + 1) * step)];
    for (let source = Math.floor(start); source < end; source++) {
      const share = (Math.min(end, source + 1) - Math.max(start, source)) / step;
      for (let y = 0; y < from.height; y++) to.data[y * to.width + x]! += share * from.data[y * from.width + source]!;
    }
  }
  return to;
}

function transpose(from: Plane): Plane {
  const to = plane(from.height, from.width);
  for (let y = 0; y < from.height; y++) for (let x = 0; x < from.width; x++) to.data[x * to.width + y] = from.data[y * from.width + x]!;
  return to;
}

/** Gaussian blur; `sigma` in pixels. */
export function blur(from: Plane, sigma: number): Plane {
  if (sigma <= 0) return from;
  const radius = Math.ceil(sigma * 3);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, at) => Math.exp(-((at - radius) ** 2) / (2 * sigma * sigma)));
  const total = kernel.reduce((sum, weight) => sum + weight);
  for (let at = 0; at < kernel.length; at++) kernel[at]! /= total;
  return transpose(blurRows(transpose(blurRows(from, kernel)), kernel));
}

function blurRows(from: Plane, kernel: Float32Array): Plane {
  const { width, height } = from;
  const to = plane(width, height);
  const radius = (kernel.length - 1) / 2;
  // The row's ends are repeated on both sides, so that the inner loop needs no condition.
  const row = new Float32Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    row.fill(from.data[y * width]!, 0, radius);
    row.set(from.data.subarray(y * width, (y + 1) * width), radius);
    row.fill(from.data[(y + 1) * width - 1]!, radius + width);
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let at = 0; at < kernel.length; at++) sum += kernel[at]! * row[x + at]!;
      to.data[y * width + x] = sum;
    }
  }
  return to;
}

/** Computes each pixel's brightness from its value and its place. */
export function tone(from: Plane, change: (value: number, x: number, y: number) => number): Plane {
  const to = plane(from.width, from.height);
  for (let y = 0, at = 0; y < from.height; y++) for (let x = 0; x < from.width; x++, at++) to.data[at] = change(from.data[at]!, x, y);
  return to;
}

/** Additive Gaussian noise; `sigma` in brightness. The same seed gives the same noise. */
export function noise(from: Plane, sigma: number, seed: string): Plane {
  if (sigma <= 0) return from;
  const random = randomNumbers(seed);
  return tone(from, (value) => value + sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

/** Uniform numbers in [0, 1): mulberry32 over an FNV-1a hash of the seed. */
function randomNumbers(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const letter of seed) state = Math.imul(state ^ letter.codePointAt(0)!, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How a flat picture is held before a camera; angles in degrees. */
export interface Pose {
  /** Turned in its plane, clockwise. */
  turn?: number;
  /** Tilted about its vertical axis: the right side moves away. */
  tilt?: number;
  /** Tilted about its horizontal axis: the top moves away. */
  lean?: number;
}

type Matrix = [number, number, number, number, number, number, number, number, number];

/**
 * The picture as a camera sees it from 1.6 times its longer side, on gray. The result has the size of the
 * visible part.
 */
export function pose(from: Plane, held: Pose): Plane {
  return tone(cutOut(from, held), (value) => (Number.isNaN(value) ? GRAY : value));
}

/** The picture as a camera sees it, like `pose`, but with `NOTHING` around it. */
export function cutOut(from: Plane, { turn = 0, tilt = 0, lean = 0 }: Pose): Plane {
  const [sinTurn, cosTurn, sinTilt, cosTilt, sinLean, cosLean] = [turn, tilt, lean].flatMap((angle) => {
    const radians = (angle * Math.PI) / 180;
    return [Math.sin(radians), Math.cos(radians)];
  }) as [number, number, number, number, number, number];
  const distance = 1.6 * Math.max(from.width, from.height);
  // Columns of lean * tilt * turn that a plane with z = 0 needs, then the division by depth.
  const across = [cosTilt * cosTurn, cosLean * sinTurn + sinLean * sinTilt * cosTurn, sinTilt * cosTurn * cosLean - sinLean * sinTurn];
  const down = [-cosTilt * sinTurn, cosLean * cosTurn - sinLean * sinTilt * sinTurn, -sinTilt * sinTurn * cosLean - sinLean * cosTurn];
  const forward: Matrix = [
    distance * across[0]!, distance * down[0]!, 0,
    distance * across[1]!, distance * down[1]!, 0,
    across[2]!, down[2]!, distance,
  ];
  const [middleX, middleY] = [(from.width - 1) / 2, (from.height - 1) / 2];
  const corners = [[-middleX, -middleY], [middleX, -middleY], [-middleX, middleY], [middleX, middleY]].map(([x, y]) => apply(forward, x!, y!));
  const [left, top] = [Math.min(...corners.map(([x]) => x)), Math.min(...corners.map(([, y]) => y))];
  const [right, bottom] = [Math.max(...corners.map(([x]) => x)), Math.max(...corners.map(([, y]) => y))];
  const to = plane(Math.round(right - left) + 1, Math.round(bottom - top) + 1);
  const backward = inverse(forward);
  return tone(to, (_, x, y) => {
    const [sourceX, sourceY] = apply(backward, x + left, y + top);
    return sample(from, sourceX + middleX, sourceY + middleY);
  });
}

function apply(matrix: Matrix, x: number, y: number): [number, number] {
  const depth = matrix[6] * x + matrix[7] * y + matrix[8];
  return [(matrix[0] * x + matrix[1] * y + matrix[2]) / depth, (matrix[3] * x + matrix[4] * y + matrix[5]) / depth];
}

/** The inverse up to a factor. The division by depth cancels the factor. */
function inverse([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  return [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d];
}

/** Brightness between pixels, bilinear. */
function sample({ width, height, data }: Plane, x: number, y: number): number {
  if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) return NOTHING;
  const [inX, inY] = [Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1)];
  const [x0, y0] = [Math.min(Math.floor(inX), width - 2), Math.min(Math.floor(inY), height - 2)];
  const [right, down] = [inX - x0, inY - y0];
  const at = y0 * width + x0;
  const upper = data[at]! * (1 - right) + data[at + 1]! * right;
  const lower = data[at + width]! * (1 - right) + data[at + width + 1]! * right;
  return upper * (1 - down) + lower * down;
}

/** Places a picture in the middle of a larger scene. The scene shows where the picture has `NOTHING`. */
export function within(from: Plane, width: number, height: number, scene: (x: number, y: number) => number): Plane {
  const [left, top] = [Math.floor((width - from.width) / 2), Math.floor((height - from.height) / 2)];
  return tone(plane(width, height), (_, x, y) => {
    const [inX, inY] = [x - left, y - top];
    const inside = inX >= 0 && inY >= 0 && inX < from.width && inY < from.height;
    const value = inside ? from.data[inY * from.width + inX]! : NOTHING;
    return Number.isNaN(value) ? scene(x, y) : value;
  });
}
