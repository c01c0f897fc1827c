// The code on the sheet can be scanned in every theme, on every screen and upside down, as well as another library's.
// `make scanning-report` measures the limits; docs/scanning.md has the numbers.
import { DISTORTIONS } from "../scanning/distortions.ts";
import { type Attempt, attempts, rate } from "../scanning/rates.ts";
import { withReference } from "../scanning/reference.ts";
import { SCREENS, SIZES, type Sheet, THEMES, pictureOf, symbolOn, turnedOver } from "../scanning/sheet.ts";
import { DECODERS, type Picture, readWith } from "../support/decoders.ts";
import { expect, showCode, test } from "../support/test.ts";

/** The page's rate may be this much below the reference's: 5 points are 7 of about 140 attempts. */
const MARGIN = 0.05;

async function expectAllToRead(picture: Picture, payload: string, what: string): Promise<void> {
  for (const decoder of DECODERS) expect(await readWith(decoder, picture), `${decoder} reads ${what}`).toBe(payload);
}

/** The symbol on a sheet. Fails if it is not black on white with four white modules around it. */
function expectPure(sheet: Sheet): NonNullable<ReturnType<typeof symbolOn>> {
  const symbol = symbolOn(sheet);
  if (!symbol) throw new Error(`no symbol of black on white in '${sheet.theme}'`);
  expect(symbol.impure, `pixels neither black nor white, or not white in the quiet zone, in '${sheet.theme}'`).toBe(0);
  return symbol;
}

for (const { name, viewport, scale } of SCREENS) {
  test.describe(name, () => {
    test.use({ viewport, deviceScaleFactor: scale });

    test("is black on white and read by every decoder in every theme, and on its head", async ({ server, openAs }) => {
      // Fifteen pictures are decoded; on a busy machine the largest take more than a minute.
      test.slow();
      const page = await openAs("active");
      await showCode(page);
      for (const theme of THEMES.filter((theme) => theme !== "forced dark over light")) {
        const sheet = await pictureOf(page, theme);
        const payload = `${server.origin.toUpperCase()}/R/${sheet.digits}`;
        expectPure(sheet);
        await expectAllToRead(sheet.picture, payload, theme);
        if (theme === "light") await expectAllToRead(turnedOver(sheet.picture), payload, "it on its head");
      }
    });
  });
}

for (const viewport of SIZES) {
  test.describe(`${viewport.width}x${viewport.height}`, () => {
    test.use({ viewport, deviceScaleFactor: 2 });

    test("stays black on white where a browser darkens a light page by force", async ({ server, openAs }) => {
      const page = await openAs("active");
      await showCode(page);
      const sheet = await pictureOf(page, "forced dark over light");
      expectPure(sheet);
      await expectAllToRead(sheet.picture, `${server.origin.toUpperCase()}/R/${sheet.digits}`, "it darkened by force");
    });
  });
}

test("moderately distorted it is read as often as another library's drawing, by zxing nearly always", async ({ server, openAs, page }) => {
  // Ten seconds of arithmetic. A busy machine takes several times as long.
  test.slow();
  const moderate = DISTORTIONS.filter((distortion) => distortion.moderate);
  const made: Attempt[] = [];
  for (const viewport of [SIZES[0], SIZES[1]]) {
    await page.setViewportSize(viewport);
    await openAs("active");
    await showCode(page);
    const sheet = await pictureOf(page, "light");
    const payload = `${server.origin.toUpperCase()}/R/${sheet.digits}`;
    const symbol = expectPure(sheet);
    const drawings = { ours: sheet.picture, reference: withReference(sheet, symbol, payload) };
    made.push(...(await attempts(sheet, symbol, drawings, payload, `${viewport.width}`, moderate, DECODERS)));
  }
  const ours = made.filter((attempt) => attempt.drawing === "ours");
  const reference = made.filter((attempt) => attempt.drawing === "reference");
  expect(rate(ours)).toBeGreaterThanOrEqual(rate(reference) - MARGIN);
  expect(rate(ours.filter((attempt) => attempt.decoder === "zxing"))).toBeGreaterThanOrEqual(0.9);
});

test("the checks above notice a panel that is inverted, gray, or without its quiet zone", async ({ server, openAs }) => {
  const page = await openAs("active");
  await showCode(page);
  const sheet = await pictureOf(page, "light");
  const payload = `${server.origin.toUpperCase()}/R/${sheet.digits}`;
  const { box, module } = expectPure(sheet);
  const repainted = (paint: (value: number, x: number, y: number) => number): Sheet => {
    const { width, height, data } = sheet.picture;
    const { left, top, width: side } = sheet.panel;
    const copy = data.map((value, at) => {
      const [x, y] = [Math.floor(at / 4) % width, Math.floor(at / 4 / width)];
      return at % 4 < 3 && x >= left && x < left + side && y >= top && y < top + side ? paint(value, x, y) : value;
    });
    return { ...sheet, picture: { width, height, data: copy } };
  };
  const isPure = (changed: Sheet) => symbolOn(changed)?.impure === 0;

  const inverted = repainted((value) => 255 - value);
  expect(isPure(inverted)).toBe(false);
  for (const decoder of DECODERS) expect(await readWith(decoder, inverted.picture), `${decoder}, inverted`).not.toBe(payload);
  expect(isPure(repainted((value) => Math.max(value, 1)))).toBe(false);
  expect(isPure(repainted((value) => Math.min(value, 254)))).toBe(false);
  const crowded = repainted((value, x) => (x < box.left - 2 * module ? 40 : value));
  expect(isPure(crowded)).toBe(false);
});
