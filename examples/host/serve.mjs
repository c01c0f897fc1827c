// Serves the sample host app on one port and runs the demo backend on another, so that their origins differ.
// Also stands for the app's own backend: it gives the page tokens of demo members.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8082" }, "backend-port": { type: "string", default: "8080" } },
});
const root = join(import.meta.dirname, "../..");
const origin = `http://127.0.0.1:${values.port}`;
const backend = `http://127.0.0.1:${values["backend-port"]}`;
const server = join(root, "target/release/member-server");
const database = join(root, "var/host.sqlite");

execFileSync(join(root, "tests/e2e/node_modules/.bin/tsc"), ["-p", import.meta.dirname], { stdio: "inherit" });
mkdirSync(join(root, "var"), { recursive: true });
for (const end of ["", "-wal", "-shm"]) rmSync(database + end, { force: true });
const running = spawn(
  server,
  ["serve", "--demo", "--listen", new URL(backend).host, "--database", `sqlite://${database}`, "--site", join(root, "dist"), "--allow-origin", origin],
  { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, RUST_LOG: process.env.RUST_LOG ?? "warn" } },
);
running.on("exit", (code) => process.exit(code ?? 1));
// The server prints a line when it is ready. The app starts after it.
let said = "";
const answering = new Promise((ready) => running.stdout.on("data", (more) => (said += more).includes("Ctrl-C") && ready()));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => running.kill("SIGTERM"));

const importmap = JSON.stringify({ imports: { "member-page": `${backend}/module/member-page.js` } });
const hash = createHash("sha256").update(importmap).digest("base64");
// A strict policy for an app: the card's origin, and nothing inline except the import map.
const policy = [
  "default-src 'none'",
  `script-src 'self' ${backend} 'wasm-unsafe-eval' 'sha256-${hash}'`,
  `style-src 'self' ${backend}`,
  `connect-src 'self' ${backend}`,
  // The card's ornament.
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const files = {
  "/": ["text/html; charset=utf-8", () => page()],
  "/host.css": ["text/css; charset=utf-8", () => readFileSync(join(import.meta.dirname, "host.css"))],
  "/host.js": ["text/javascript; charset=utf-8", () => readFileSync(join(root, "target/host/host.js"))],
};

function page() {
  const html = readFileSync(join(import.meta.dirname, "index.html"), "utf8");
  return html.replace("{{importmap}}", importmap).replace("{{backend}}", backend);
}

// Tokens are stored here, as an app's backend stores its card sessions.
const tokens = new Map();
function token(persona, fresh) {
  if (!/^[a-z-]+$/.test(persona)) return null;
  if (fresh || !tokens.has(persona)) {
    tokens.set(persona, execFileSync(server, ["session", "add", `demo-${persona}`, "--database", `sqlite://${database}`], { encoding: "utf8" }).trim());
  }
  return tokens.get(persona);
}

await answering;
createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", origin);
  const answer = (status, type, body) => response.writeHead(status, { "content-type": type, "content-security-policy": policy, "cache-control": "no-store" }).end(body);
  if (pathname === "/token") {
    try {
      return answer(200, "application/json", JSON.stringify({ token: token(searchParams.get("persona") ?? "", searchParams.get("fresh") === "true") }));
    } catch {
      return answer(503, "application/json", "{}");
    }
  }
  const [type, body] = files[pathname] ?? [];
  return body ? answer(200, type, body()) : answer(404, "text/plain", "there is nothing at this address");
}).listen(Number(values.port), "127.0.0.1", () => console.log(`\nA host app with the card in it: ${origin}\nThe backend:                    ${backend}\nStop with Ctrl-C.`));
