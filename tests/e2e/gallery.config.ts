// `make test-gallery`: the debug page's scenes, without a backend. Accessibility is tested here, as every state is.
import { defineConfig } from "@playwright/test";
import { shared } from "./playwright.config.ts";
import { freePort } from "./support/ports.ts";

// Chosen once, by the process that starts the workers.
const port = (process.env["GALLERY_PORT"] ??= String(await freePort()));

export default defineConfig({
  ...shared,
  testDir: "gallery",
  timeout: 240_000,
  reporter: [["list"], ["junit", { outputFile: "../../target/reports/gallery.xml" }]],
  fullyParallel: true,
  // Each works on one page for long, and checking takes a core.
  workers: 2,
  webServer: {
    command: `node gallery/site.mjs ../../target/gallery ${port}`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
  },
  use: {
    ...shared.use,
    baseURL: `http://127.0.0.1:${port}`,
    deviceScaleFactor: 1,
    trace: "off",
    actionTimeout: 10_000,
    // A sheet that is still rising has other colours than one that has risen.
    contextOptions: { reducedMotion: "reduce" },
  },
});
