// Runs schemathesis over docs/openapi.yaml against the real server in demo mode: requests that the document allows must
// be accepted, requests that it does not allow must be refused, and answers must have the documented form.
//   node tests/contract/run.mjs SCHEMATHESIS SERVER [further arguments of schemathesis]
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const here = import.meta.dirname;
const [schemathesis, server, ...further] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), "member-page-contract-"));
const database = `sqlite://${join(directory, "contract.sqlite")}`;
const secret = join(directory, "refund-events.secret");
writeFileSync(secret, `whsec_${Buffer.alloc(32, 7).toString("base64")}\n`, { mode: 0o600 });
// The document describes the API only, so the site can be an empty page.
writeFileSync(join(directory, "index.html"), "<!doctype html><title>empty</title>");

const limits = ["--terminal-limit", "1000000"];
const args = ["serve", "--demo", "--listen", "127.0.0.1:0", "--site", directory, "--refund-events-secret", secret, ...limits];
const child = spawn(server, [...args, "--database", database]);
let log = "";
try {
  const address = await new Promise((found, failed) => {
    child.stderr.on("data", (chunk) => {
      log += chunk;
      const address = /"address":"([^"]+)"/.exec(log)?.[1];
      if (address) found(address);
    });
    child.once("exit", () => failed(new Error(`the server did not start:\n${log}`)));
  });
  const origin = `http://${address}`;
  const member = execFileSync(server, ["session", "add", "demo-active", "--database", database], { encoding: "utf8" }).trim();
  const { token } = await (await fetch(`${origin}/demo/terminal/sh-wutongli-coffee`)).json();
  const config = ["--config-file", join(here, "schemathesis.toml")];
  const run = spawn(schemathesis, [...config, "run", join(here, "../../docs/openapi.yaml"), "--url", origin, ...further], {
    stdio: "inherit",
    // schemathesis keeps what failed in its working directory, and repeats that first.
    cwd: directory,
    env: { ...process.env, PYTHONPATH: here, PYTHONDONTWRITEBYTECODE: "1", MEMBER_TOKEN: member, TILL_TOKEN: token },
  });
  process.exitCode = await new Promise((ended) => run.on("exit", (code) => ended(code ?? 1)));
} finally {
  child.kill();
  rmSync(directory, { recursive: true, force: true });
}
