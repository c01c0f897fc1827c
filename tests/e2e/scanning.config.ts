// `make scanning-report`: measures how well the code is scanned, and writes docs/scanning.md.
import { defineConfig } from "@playwright/test";
import { shared } from "./playwright.config.ts";

export default defineConfig({
  ...shared,
  testDir: "scanning",
  testMatch: "report.spec.ts",
  timeout: 180_000,
  fullyParallel: true,
  // Decoding takes nearly all of the time, and one core each.
  workers: 2,
  reporter: "./scanning/report.ts",
  use: { ...shared.use, trace: "off" },
});
