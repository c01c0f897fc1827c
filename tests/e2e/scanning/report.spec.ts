// Runs the whole matrix for docs/scanning.md. It asserts no rates; specs/scanning.spec.ts does.
import { ALL_DECODERS, readWith } from "../support/decoders.ts";
import { showCode, test } from "../support/test.ts";
import { DISTORTIONS } from "./distortions.ts";
import { attempts } from "./rates.ts";
import { referenceModules, withReference } from "./reference.ts";
import type { Measured } from "./report.ts";
import { SCREENS, THEMES, pictureOf, symbolOn, turnedOver } from "./sheet.ts";

/**
 * Themes whose sheets are distorted. In the other themes the panel is identical, pixel for pixel, and the
 * sheet resembles one of these.
 */
const DISTORTED = ["light", "dark"] as const;

for (const { name, viewport, scale } of SCREENS) {
  test.describe(name, () => {
    test.use({ viewport, deviceScaleFactor: scale });

    test("undistorted, in every theme", async ({ server, openAs }, testInfo) => {
      const page = await openAs("active");
      await showCode(page);
      const measured: Measured = { browser: page.context().browser()?.version() ?? "", themes: [] };
      for (const theme of THEMES) {
        const sheet = await pictureOf(page, theme);
        const payload = `${server.origin.toUpperCase()}/R/${sheet.digits}`;
        for (const decoder of ALL_DECODERS) {
          const upright = (await readWith(decoder, sheet.picture)) === payload;
          const turned = (await readWith(decoder, turnedOver(sheet.picture))) === payload;
          measured.themes?.push({ theme, decoder, upright, turned, pure: symbolOn(sheet)?.impure === 0 });
        }
      }
      await testInfo.attach("measured", { body: JSON.stringify(measured), contentType: "application/json" });
    });

    for (const theme of DISTORTED) {
      test(`distorted, ${theme}`, async ({ server, openAs }, testInfo) => {
        // Each test enrols another device, so it has its own code.
        const page = await openAs("active");
        await showCode(page);
        const sheet = await pictureOf(page, theme);
        const payload = `${server.origin.toUpperCase()}/R/${sheet.digits}`;
        const symbol = symbolOn(sheet);
        if (!symbol) throw new Error(`no symbol of black on white in '${theme}'`);
        const drawings = { ours: sheet.picture, reference: withReference(sheet, symbol, payload) };
        const reference = referenceModules(payload).dark;
        const measured: Measured = {
          attempts: await attempts(sheet, symbol, drawings, payload, name, DISTORTIONS),
          identical: symbol.dark.every((dark, at) => dark === reference[at]),
          modules: symbol.modules,
        };
        await testInfo.attach("measured", { body: JSON.stringify(measured), contentType: "application/json" });
      });
    }
  });
}
