// What the reference backend bears: its own benchmark, whose table is taken over as it is.
import { spawn } from "node:child_process";
import { join } from "node:path";

export async function measure({ quick, say }) {
  say(`the backend under load${quick ? ", briefly" : ": ten minutes of it, and four sizes of database"}`);
  const args = ["bench", "--locked", "--package", "member-server", "--bench", "load"];
  const run = spawn("cargo", quick ? [...args, "--", "--quick"] : args, { cwd: join(import.meta.dirname, "../../.."), stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  run.stdout.on("data", (chunk) => (out += chunk));
  const code = await new Promise((done) => run.on("close", done));
  if (code !== 0) throw new Error(`the backend's benchmark ended with ${code}`);
  if (!/^\|/m.test(out)) throw new Error(`the backend's benchmark printed no table:\n${out}`);
  return [{ title: "Backend", text: out.trim() }];
}
