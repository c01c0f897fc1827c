// How Chromium is started. Root needs --no-sandbox. The other arguments stop requests of Chromium's own.
import { execFileSync } from "node:child_process";
import type { LaunchOptions } from "@playwright/test";

function executable(): string {
  const named = process.env.CHROMIUM;
  if (named) return named;
  try {
    return execFileSync("sh", ["-c", "command -v chromium || command -v google-chrome"], { encoding: "utf8" }).trim();
  } catch {
    throw new Error("no Chromium found: run 'make setup', or name one in the environment variable CHROMIUM");
  }
}

export const chromium: { browserName: "chromium"; launchOptions: LaunchOptions } = {
  browserName: "chromium",
  launchOptions: {
    executablePath: executable(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
};
