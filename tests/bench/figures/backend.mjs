// Load on the reference backend: runs its own benchmark and copies its tables.
import { spawn } from "node:child_process";
import { join } from "node:path";

/** Runs the benchmark with these options; returns its output. */
async function load(options, say) {
  const args = ["bench", "--quiet", "--locked", "--package", "member-server", "--bench", "load", "--", ...options];
  const run = spawn("cargo", args, { cwd: join(import.meta.dirname, "../../.."), stdio: ["ignore", "pipe", "pipe"] });
  let [out, log] = ["", ""];
  run.stdout.on("data", (chunk) => (out += chunk));
  run.stderr.on("data", (chunk) => {
    log += chunk;
    // Lines in JSON are the server's log.
    for (const line of String(chunk).split("\n")) if (line && !line.startsWith("{")) say(line);
  });
  const code = await new Promise((done, failed) => run.on("close", done).on("error", failed));
  if (code !== 0) throw new Error(`the backend's benchmark ended with ${code}:\n${log.slice(-3_000)}`);
  if (!/^\|/m.test(out)) throw new Error(`the backend's benchmark printed no table:\n${out}`);
  return out.trim();
}

export async function measure({ quick, say }) {
  say("the backend under load; the first time three minutes to build");
  const sections = [{ title: "Backend", text: await load(quick ? ["--quick"] : [], say) }];
  if (quick) return sections;
  say("the backend under even load for ten minutes");
  return [...sections, { title: "Backend: memory", text: await load(["--soak"], say) }];
}
