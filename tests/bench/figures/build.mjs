// Rebuild time under `trunk serve`: from a changed line until the browser shows the new page.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, phone } from "../lib/browser.mjs";
import { OURS } from "../lib/contenders.mjs";

const root = join(import.meta.dirname, "../../..");
// The sources of the page. The benchmark changes a copy, never the working tree.
const SOURCES = ["Cargo.toml", "Cargo.lock", "Trunk.toml", "index.html", "manifest.webmanifest", ".cargo", "src", "style", "icons", "crates", "tests/web"];
const PORT = 18_290;
// Lines to change: each gets a number in it. `shows` is the selector that finds the change in the page.
const CHANGES = {
  "a line of Rust": {
    file: "src/features/member_card/mod.rs",
    where: /(<section\n\s+class="member-card)[^"\n]*("\n\s+class:member-card--inactive)/,
    text: (count) => `$1 changed-${count}$2`,
    shows: (count) => `.changed-${count}`,
  },
  "a line of CSS": { file: "style/tokens.css", where: /$/, text: (count) => `:root { --changed: ${count}; }\n`, shows: null },
};

export async function measure({ quick, say }) {
  if (quick) return [];
  const folder = mkdtempSync(join(tmpdir(), "member-page-build-"));
  for (const source of SOURCES) cpSync(join(root, source), join(folder, source), { recursive: true });
  say("the page under `trunk serve`; the first build some minutes");
  const target = join(root, "target");
  const args = ["-c", `. ${root}/tools/env.sh; PATH=$(wasm_path) exec trunk serve --offline=true --port ${PORT} --dist "${folder}/dist"`];
  const trunk = spawn("bash", args, { cwd: folder, env: { ...process.env, CARGO_TARGET_DIR: target }, detached: true });
  let log = "";
  for (const stream of [trunk.stdout, trunk.stderr]) stream.on("data", (chunk) => (log += chunk));
  const browser = await launch();
  try {
    const page = await (await browser.newContext(phone)).newPage();
    const address = `http://127.0.0.1:${PORT}/?page`;
    const serves = () => fetch(address).then(({ ok }) => ok, () => false);
    // Trunk starts to listen some time after its build.
    await reached(page, serves, () => log, 900_000);
    await page.goto(address);
    await page.getByTestId("member-status").waitFor();
    const rows = [];
    for (const [what, change] of Object.entries(CHANGES)) {
      say(`${what} changed`);
      const times = [];
      // The first change after a start also builds dependencies; it does not count.
      for (let count = 0; count < 6; count++) times.push(await rebuilt(page, folder, change, count, () => log));
      rows.push({ figure: `${what} changed`, unit: "s", values: { [OURS]: times.slice(1) } });
    }
    return [{ title: "Building under `trunk serve`", rows }];
  } finally {
    await browser.close();
    process.kill(-trunk.pid, "SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rebuilt(page, folder, { file, where, text, shows }, count, log) {
  const path = join(folder, file);
  const before = readFileSync(path, "utf8");
  const after = before.replace(where, text(count));
  if (after === before) throw new Error(`${file} has no place for the change: tests/bench/figures/build.mjs has to name another`);
  await page.evaluate(() => (window.old = true));
  const began = Date.now();
  writeFileSync(path, after);
  const anew = () =>
    page
      .evaluate(
        ([selector, count]) => !window.old && document.querySelector('[data-testid="member-status"]') !== null && (selector ? document.querySelector(selector) !== null : getComputedStyle(document.documentElement).getPropertyValue("--changed").trim() === String(count)),
        [shows?.(count) ?? null, count],
      )
      // There is no page to evaluate in while it reloads.
      .catch(() => false);
  await reached(page, anew, log, 300_000);
  return (Date.now() - began) / 1_000;
}

async function reached(page, holds, log, patience) {
  for (const from = Date.now(); !(await holds()); await page.waitForTimeout(20)) {
    if (Date.now() - from > patience || /^error|❌/m.test(log().slice(-2_000))) throw new Error(`the page was not built:\n${log().slice(-3_000)}`);
  }
}
