// Installation on a home screen: a valid manifest, icons of the stated sizes, and a shortcut that opens the code.
import { PNG } from "pngjs";
import { expect, test } from "../support/test.ts";

interface Icon {
  src: string;
  sizes: string;
  type: string;
  purpose?: string;
}

interface Manifest {
  id: string;
  name: string;
  short_name: string;
  name_localized: Record<string, string>;
  lang: string;
  start_url: string;
  scope: string;
  display: string;
  background_color: string;
  theme_color: string;
  icons: Icon[];
  shortcuts: { name: string; short_name: string; name_localized: Record<string, string>; url: string; icons: Icon[] }[];
}

test("the page names a manifest that a browser takes without complaint", async ({ openAs, page, server }) => {
  await openAs("active");
  await expect(page.getByTestId("member-status")).toBeVisible();
  const session = await page.context().newCDPSession(page);
  const { url, errors } = await session.send("Page.getAppManifest");
  expect(url).toBe(`${server.origin}/manifest.webmanifest`);
  expect(errors).toEqual([]);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // Playwright's contexts are private windows, where nothing can be installed.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);

  const answer = await page.request.get(url);
  expect(answer.headers()["content-type"]).toContain("application/manifest+json");
  const manifest = (await answer.json()) as Manifest;
  expect(manifest).toMatchObject({ id: "/", start_url: "/", scope: "/", display: "standalone", lang: "zh-Hans" });
  // Launchers show at most a dozen characters.
  for (const name of [manifest.short_name, ...manifest.shortcuts.map((shortcut) => shortcut.short_name)]) expect(name.length).toBeLessThanOrEqual(6);
  for (const { name_localized } of [manifest, ...manifest.shortcuts]) expect(Object.keys(name_localized).sort()).toEqual(["en", "zh-Hant"]);
  // The page's own colours, so that nothing flashes at its start.
  const paper = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--paper").trim());
  expect([manifest.background_color, manifest.theme_color]).toEqual([paper, paper]);
});

test("every icon is there, as large as the manifest says", async ({ page }) => {
  const manifest = (await (await page.request.get("/manifest.webmanifest")).json()) as Manifest;
  const icons = [...manifest.icons, ...manifest.shortcuts.flatMap((shortcut) => shortcut.icons)];
  for (const purpose of ["any", "maskable"]) {
    for (const size of [192, 512]) expect(icons, `${purpose} ${size}`).toContainEqual(expect.objectContaining({ purpose, sizes: `${size}x${size}` }));
  }
  const sized = icons.map(({ src, sizes }) => [src, Number(sizes.split("x")[0])] as const);
  for (const [src, size] of [...sized, ["/icons/apple-touch-icon.png", 180] as const]) {
    const answer = await page.request.get(src);
    expect(answer.headers()["content-type"], src).toBe("image/png");
    const picture = PNG.sync.read(await answer.body());
    expect([picture.width, picture.height], src).toEqual([size, size]);
    const opacity = (x: number, y: number) => picture.data[(y * picture.width + x) * 4 + 3];
    // Launchers round the corners of these icons. A transparent corner would show as a hole.
    if (/maskable|apple/.test(src)) expect([opacity(0, 0), opacity(size - 1, size - 1)], src).toEqual([255, 255]);
  }
});

test("the shortcut opens the code", async ({ openAs, page }) => {
  const manifest = (await (await page.request.get("/manifest.webmanifest")).json()) as Manifest;
  const [shortcut] = manifest.shortcuts;
  await openAs("active", shortcut?.url);
  await expect(page.getByTestId("code-sheet")).toBeVisible();
  await expect(page.getByTestId("code-qr")).toBeVisible();
});

test("the page's head names icons for browser and home screen that are there", async ({ openAs, page }) => {
  await openAs("active");
  for (const name of ["icon", "apple-touch-icon"]) {
    const href = await page.locator(`link[rel="${name}"]`).getAttribute("href");
    expect((await page.request.get(href ?? "")).status(), name).toBe(200);
  }
});
