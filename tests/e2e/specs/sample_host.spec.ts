// The sample host app as a developer runs it: on another origin, with its own strict policy.
import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { freePort } from "../support/ports.ts";
import { expect, test } from "../support/test.ts";

const root = resolve(import.meta.dirname, "../../..");
let running: ChildProcess;
let port: number;

test.beforeAll(async () => {
  port = await freePort();
  const ports = ["--port", String(port), "--backend-port", String(await freePort())];
  running = spawn("node", [join(root, "examples/host/serve.mjs"), ...ports]);
  let said = "";
  await new Promise<void>((ready, failed) => {
    running.stdout!.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("Stop with Ctrl-C")) ready();
    });
    running.stderr!.on("data", (chunk: Buffer) => (said += chunk.toString()));
    running.on("exit", () => failed(new Error(`the sample host did not start:\n${said}`)));
  });
});

test.afterAll(async () => {
  running.removeAllListeners("exit");
  const ended = new Promise((done) => running.once("exit", done));
  running.kill("SIGTERM");
  await ended;
});

test("it shows the card under its own policy, and signs in and out", async ({ page }) => {
  await page.goto(`http://127.0.0.1:${port}/`);
  const card = page.locator("#card");
  await expect(card.getByTestId("member-status")).toHaveText("有效");
  await expect(page.locator("#log")).toContainText("ready");
  await page.getByLabel("Language").selectOption("en");
  await expect(card.getByTestId("member-status")).toHaveText("Active");
  await page.getByLabel("Signed in as").selectOption("nobody");
  await expect(page.locator("#log")).toContainText("sign-in-needed");
  await expect(card.getByTestId("member-card")).not.toContainText("6601");
  await page.getByLabel("Signed in as").selectOption("ending");
  await expect(card.getByTestId("refund-banner")).toBeVisible();
  await page.getByRole("button", { name: "Open the code" }).click();
  await expect(card.getByTestId("code-digits")).toHaveText(/^\d{4}( \d{4}){4}$/);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Unmount" }).click();
  await expect(card).toBeEmpty();
});
