// The built page against the real backend, in Debian's Chromium with a phone's screen.
import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";
import { chromium } from "./support/browser.ts";

/** What the other configurations in this folder share. */
export const shared: PlaywrightTestConfig = {
  outputDir: "test-results",
  timeout: 60_000,
  forbidOnly: Boolean(process.env.CI),
  // A machine that stalls for seconds can miss a time step; what fails twice is broken.
  retries: process.env.CI ? 1 : 0,
  use: {
    ...chromium,
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 3,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    colorScheme: "light",
    trace: "retain-on-failure",
  },
};

/** Specs that load a core themselves, or say how long something may take. */
const WORKING = /(big_city|module_life|scanning|start|first_part)\.spec\.ts$/;

export default defineConfig({
  ...shared,
  testDir: "specs",
  reporter: [["list"], ["junit", { outputFile: "../../target/reports/e2e.xml" }]],
  // Most tests wait, for codes to rotate above all: three at a time keep two cores busy. Each worker has a server of its own.
  workers: 3,
  fullyParallel: true,
  projects: [
    { name: "waiting", testIgnore: WORKING },
    { name: "working", testMatch: WORKING, workers: 1, fullyParallel: false, dependencies: ["waiting"] },
  ],
});
