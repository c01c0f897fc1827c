// Tests the built page with the real backend, in Debian's Chromium with a phone's screen.
import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";
import { chromium } from "./support/browser.ts";

/** Settings that the other configurations in this folder share. */
export const shared: PlaywrightTestConfig = {
  outputDir: "test-results",
  timeout: 60_000,
  forbidOnly: Boolean(process.env.CI),
  // A machine that stalls for seconds can miss a time step. A test that fails twice is broken.
  retries: process.env.CI ? 1 : 0,
  // A condition that must come gets the time that a busy machine needs.
  expect: { timeout: 10_000 },
  use: {
    ...chromium,
    actionTimeout: 20_000,
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 3,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    colorScheme: "light",
    // A trace costs a third more processor time. Of a failure it can be had with `--trace on`.
    trace: "on-first-retry",
    screenshot: "only-on-failure",
  },
};

/** Tests that assert durations: whole files, and tests tagged DURATION (support/test.ts). They run alone. */
const TIMED = /(big_city|start|first_part|refund_live)\.spec\.ts|@duration/;
/** Files that compute for long. They start first, so that the waits of other tests fall into their time. */
const LONG = /(module_life|scanning)\.spec\.ts/;

export default defineConfig({
  ...shared,
  testDir: "specs",
  reporter: [["list"], ["junit", { outputFile: "../../target/reports/e2e.xml" }]],
  // Many tests wait: for the next code, or for the page to give up. Three at a time keep two cores busy. Each worker
  // has its own server.
  workers: 3,
  fullyParallel: true,
  projects: [
    { name: "long", testMatch: LONG },
    { name: "waiting", testIgnore: LONG, grepInvert: TIMED },
    { name: "working", grep: TIMED, workers: 1, fullyParallel: false, dependencies: ["long", "waiting"] },
  ],
});
