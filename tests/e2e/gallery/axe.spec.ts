// Runs axe-core on every scene, in both themes and two languages. It must find nothing.
import { createRequire } from "node:module";
import { type Page, expect, test } from "@playwright/test";
import { type Scene, allScenes, inEveryScene } from "./scenes.ts";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

type Axe = { run: (context: Document, options: object) => Promise<{ violations: Violation[] }> };
type Violation = { id: string; nodes: { target: unknown[]; failureSummary?: string }[] };

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// Rules for whole pages. They are off in scenes that show only a part of the page.
const OF_PAGES = ["page-has-heading-one", "region", "landmark-one-main", "heading-order", "bypass"];

async function findings(page: Page, options: object): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.addScriptTag({ path: axe });
  const violations = await page.evaluate(async (options) => {
    const { violations } = await (window as unknown as { axe: Axe }).axe.run(document, options);
    return violations;
  }, { resultTypes: ["violations"], ...options });
  // A link that a sheet's foot covers in part can be scrolled out from behind it. wcag.spec.ts measures such targets.
  const isBehindFoot = (id: string, summary = "") => id === "target-size" && summary.includes("partially obscured");
  return violations.flatMap(({ id, nodes }) =>
    nodes.filter(({ failureSummary }) => !isBehindFoot(id, failureSummary)).map(({ target, failureSummary }) => `${id} at ${target.join(" ")} (${failureSummary?.split("\n")[1]?.trim()})`),
  );
}

const everything = (scene: Scene) => ({
  runOnly: { type: "tag", values: TAGS },
  rules: {
    // Off by default.
    "target-size": { enabled: true },
    ...(scene.group === "Whole page" ? {} : Object.fromEntries(OF_PAGES.map((rule) => [rule, { enabled: false }]))),
  },
});

for (const locale of ["zh-Hans", "en"]) {
  test(`axe finds nothing in ${locale}`, async ({ page }) => {
    await inEveryScene(page, [{ locale, theme: "light" }], (scene) => findings(page, everything(scene)));
  });
  // Themes differ only in colours, so the dark theme needs only the contrast rule.
  test(`axe finds nothing about contrast in ${locale}, dark`, async ({ page }) => {
    const contrast = { runOnly: { type: "rule", values: ["color-contrast"] } };
    await inEveryScene(page, [{ locale, theme: "dark" }], () => findings(page, contrast));
  });
}

test("axe finds nothing in the gallery itself", async ({ page }) => {
  await allScenes(page);
  expect(await findings(page, { runOnly: { type: "tag", values: TAGS }, iframes: false })).toEqual([]);
});
