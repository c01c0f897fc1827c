// How often each decoder reads our drawing and another library's drawing, with equal distortions.
import { ALL_DECODERS, type Decoder, type Picture, readWith } from "../support/decoders.ts";
import type { Distortion, Shot } from "./distortions.ts";
import { brightness, picture, shrink } from "./plane.ts";
import type { Sheet, Symbol } from "./sheet.ts";

/** Who drew the symbol. */
export type Drawing = "ours" | "reference";

/** One attempt to read. */
export interface Attempt {
  group: string;
  name: string;
  moderate: boolean;
  decoder: Decoder;
  drawing: Drawing;
  screen: string;
  read: boolean;
}

/** Larger pictures are first shrunk to this side, in pixels: a scanner's camera has no more. */
export const LONGEST_SIDE = 800;

/** A sheet's picture before any distortion. */
export function shotOf(image: Picture, symbol: Symbol): Shot {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  return {
    plane: shrink(brightness(image), scale),
    module: symbol.module * scale,
    middle: { x: (symbol.box.left + symbol.box.width / 2) * scale, y: (symbol.box.top + symbol.box.height / 2) * scale },
    side: symbol.box.width * scale,
  };
}

/** Tries every distortion with every decoder on both drawings of a sheet. Both get the same noise. */
export async function attempts(
  sheet: Sheet,
  symbol: Symbol,
  drawings: Record<Drawing, Picture>,
  payload: string,
  screen: string,
  distortions: readonly Distortion[],
  decoders: readonly Decoder[] = ALL_DECODERS,
): Promise<Attempt[]> {
  const made: Attempt[] = [];
  for (const drawing of ["ours", "reference"] as const) {
    const shot = shotOf(drawings[drawing], symbol);
    for (const { group, name, moderate, apply } of distortions) {
      const image = picture(apply(shot, `${screen} ${sheet.theme} ${group} ${name}`));
      for (const decoder of decoders) {
        const read = (await readWith(decoder, image)) === payload;
        made.push({ group, name, moderate, decoder, drawing, screen: `${screen} ${sheet.theme}`, read });
      }
    }
  }
  return made;
}

/** The share of attempts that read the payload, from 0 to 1. */
export function rate(all: readonly Attempt[]): number {
  return all.filter((attempt) => attempt.read).length / all.length;
}
