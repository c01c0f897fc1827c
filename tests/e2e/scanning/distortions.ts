// Distortions between a screen and a decoder. Strengths are in modules, so they are equal on all screens.
import { type Plane, blur, cutOut, noise, pose, shrink, tone, within } from "./plane.ts";

/** The picture to distort. */
export interface Shot {
  plane: Plane;
  /** Pixels per module. */
  module: number;
  /** The middle of the symbol, in pixels. */
  middle: { x: number; y: number };
  /** The symbol's side in pixels. */
  side: number;
}

export interface Distortion {
  group: string;
  name: string;
  /** Whether a till must tolerate it. The other distortions show where decoding ends. */
  moderate: boolean;
  /** `seed` determines the noise. */
  apply(shot: Shot, seed: string): Plane;
}

/** Size of a camera frame. */
const FRAME = { width: 1024, height: 768 };

export const DISTORTIONS: Distortion[] = [
  { group: "as it is", name: "undistorted", moderate: true, apply: (shot) => shot.plane },
  ...steps("turned", "°", [180, 90, 7, 15, 30], [45], (shot, turn) => pose(shot.plane, { turn })),
  ...steps("tilted", "°", [20, 35], [50], (shot, tilt) => pose(shot.plane, { tilt })),
  ...steps("leant back", "°", [20, 35], [50], (shot, lean) => pose(shot.plane, { lean })),
  ...steps("blurred, σ in modules", "", [0.25, 0.5], [0.75, 1], (shot, sigma) => blur(shot.plane, sigma * shot.module)),
  ...steps("shrunk to pixels a module", "", [3, 2], [1.5], (shot, pixels) => shrink(shot.plane, pixels / shot.module)),
  ...steps("noise, σ of 255", "", [10, 25], [50, 80], (shot, sigma, seed) => noise(shot.plane, sigma, seed)),
  ...steps("dimmed to brightness", " %", [25, 10], [4], (shot, percent) => tone(shot.plane, (value) => (value * percent) / 100)),
  ...steps("contrast left", " %", [40, 20], [8], (shot, percent) => tone(shot.plane, (value) => 128 + ((value - 128) * percent) / 100)),
  ...steps("glare, radius in symbol sides", "", [0.1], [0.2, 0.3], glare),
  {
    group: "all at once",
    name: "turned 7°, blur 0.3, to 50 %, noise 8",
    moderate: true,
    apply: (shot, seed) => noise(dim(blur(pose(shot.plane, { turn: 7 }), 0.3 * shot.module), 0.5), 8, seed),
  },
  {
    group: "all at once",
    name: "turned 192°, tilted 20°, blur 0.4, to 25 %, noise 6",
    moderate: false,
    apply: (shot, seed) => noise(dim(blur(pose(shot.plane, { turn: 192, tilt: 20 }), 0.4 * shot.module), 0.25), 6, seed),
  },
  { group: "photo", name: "near: 6 px a module", moderate: true, apply: (shot, seed) => photo(shot, seed, { pixels: 6, turn: 5, tilt: 12, lean: 15, grain: 5 }) },
  { group: "photo", name: "far: 3 px a module", moderate: true, apply: (shot, seed) => photo(shot, seed, { pixels: 3, turn: -11, tilt: -18, lean: 10, grain: 5 }) },
  { group: "photo", name: "far, dark shop: noise 10", moderate: false, apply: (shot, seed) => photo(shot, seed, { pixels: 3, turn: 14, tilt: 25, lean: -18, grain: 10 }) },
];

/** One distortion at several strengths: first the moderate ones, then the severe ones. */
function steps(group: string, unit: string, borne: number[], beyond: number[], apply: (shot: Shot, strength: number, seed: string) => Plane): Distortion[] {
  return [...borne, ...beyond].map((strength, index) => ({
    group,
    name: `${strength}${unit}`,
    moderate: index < borne.length,
    apply: (shot: Shot, seed: string) => apply(shot, strength, seed),
  }));
}

function dim(plane: Plane, to: number): Plane {
  return tone(plane, (value) => value * to);
}

/** A lamp reflected in the glass, right of the symbol's middle: white within the radius, fading around it. */
function glare({ plane, middle, side }: Shot, radius: number): Plane {
  const [centreX, centreY] = [middle.x + 0.22 * side, middle.y + 0.05 * side];
  return tone(plane, (value, x, y) => {
    const distance = Math.hypot(x - centreX, y - centreY) / (radius * side);
    const light = distance <= 1 ? 0.97 : 0.97 * Math.exp(-((distance - 1) ** 2) * 4);
    return value + (255 - value) * light;
  });
}

/**
 * A frame of a hand-held camera: the phone on a counter, skewed, out of focus, unevenly lit, with sensor
 * noise.
 */
function photo(shot: Shot, seed: string, held: { pixels: number; turn: number; tilt: number; lean: number; grain: number }): Plane {
  const sized = shrink(shot.plane, held.pixels / shot.module);
  const counter = (x: number, y: number) => 96 + 18 * Math.sin(x / 41) * Math.cos(y / 57) + (((x >> 5) + (y >> 5)) % 2) * 8;
  const scene = within(cutOut(sized, held), FRAME.width, FRAME.height, counter);
  const [middleX, middleY] = [FRAME.width / 2, FRAME.height / 2];
  const lit = tone(blur(scene, 0.7), (value, x, y) => {
    const vignette = 1 - 0.35 * (((x - middleX) / middleX) ** 2 + ((y - middleY) / middleY) ** 2) * 0.5;
    // Screens are brighter than their surroundings. A camera's gamma and black level flatten both.
    return 22 + 205 * ((value / 255) * vignette) ** 0.8;
  });
  return noise(lit, held.grain, seed);
}
