// Opens the gallery's scenes for tests: every scene in the gallery's own list, one after another in one
// document.
import { type Page, expect } from "@playwright/test";

export type Scene = { name: string; group: string };
export type Knobs = { locale?: string; theme?: "light" | "dark"; text?: number };

/** Returns all scenes. The list comes from the page, so it is complete. */
export async function allScenes(page: Page): Promise<Scene[]> {
  await page.goto("/");
  await expect(page.locator("a[data-scene]").first()).toBeVisible();
  const scenes = await page.locator("a[data-scene]").evaluateAll((links) =>
    links.map((link) => ({
      name: (link as HTMLElement).dataset.scene ?? "",
      group: link.closest("section")?.querySelector("h2")?.textContent ?? "",
    })),
  );
  expect(scenes.length).toBeGreaterThan(100);
  return scenes;
}

const query = (name: string, knobs: Knobs) =>
  `?${new URLSearchParams([["scene", name], ...Object.entries(knobs).map(([knob, value]) => [knob, String(value)])])}`;

/** Opens a scene in a new document. */
export async function open(page: Page, name: string, knobs: Knobs = {}): Promise<void> {
  await page.goto(`/${query(name, knobs)}`);
  await settled(page, name);
}

/** Shows another scene in the open document. */
export async function show(page: Page, name: string, knobs: Knobs = {}): Promise<void> {
  await page.evaluate((detail) => {
    window.dispatchEvent(new CustomEvent("gallery-scene", { detail }));
  }, query(name, knobs));
  await settled(page, name);
}

/**
 * Waits until the scene is drawn. Scenes with a code also wait up to 400 ms for the code, since some show
 * none.
 */
async function settled(page: Page, name: string): Promise<void> {
  await page.waitForFunction((wanted) => document.documentElement.dataset.scene === wanted, name);
  if (name.startsWith("code-") || name.startsWith("pin-")) {
    await page
      .waitForFunction(() => !document.querySelector(".code-panel--preparing"), undefined, { timeout: 400 })
      .catch(() => {});
  }
}

/** Runs `check` in every scene. Fails with all findings. */
export async function inEveryScene(
  page: Page,
  knobs: Knobs[],
  check: (scene: Scene, knobs: Knobs) => Promise<string[]>,
): Promise<void> {
  const scenes = await allScenes(page);
  const found: string[] = [];
  await open(page, scenes[0]?.name ?? "");
  for (const scene of scenes) {
    for (const each of knobs) {
      await show(page, scene.name, each);
      const where = [scene.name, ...Object.values(each)].join(" ");
      found.push(...(await check(scene, each)).map((what) => `${where}: ${what}`));
    }
  }
  expect(found.join("\n")).toBe("");
}
