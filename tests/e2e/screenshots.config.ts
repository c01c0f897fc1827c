// `make screenshots`: draws the pictures in docs/screenshots anew.
import { defineConfig } from "@playwright/test";
import { shared } from "./playwright.config.ts";

export default defineConfig({ ...shared, testDir: "screenshots", use: { ...shared.use, deviceScaleFactor: 2 } });
