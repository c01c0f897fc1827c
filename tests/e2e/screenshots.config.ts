// `make screenshots`: draws the pictures in docs/screenshots anew.
import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

export default defineConfig({ ...base, testDir: "screenshots", use: { ...base.use, deviceScaleFactor: 2 } });
