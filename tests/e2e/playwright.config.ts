// The built page against the real backend, in Debian's Chromium with a phone's screen.
import { defineConfig } from "@playwright/test";
import { chromium } from "./support/browser.ts";

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  timeout: 60_000,
  // Two cores, one of which the server and the browser's other processes need.
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  // A machine that stalls for seconds can miss a time step; what fails twice is broken.
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"]],
  use: {
    ...chromium,
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 3,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    colorScheme: "light",
    trace: "retain-on-failure",
  },
});
