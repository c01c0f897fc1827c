// The real backend, over a fresh SQLite file, serving the built page on a port of its own.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

export class Server {
  private constructor(
    readonly origin: string,
    private readonly process: ChildProcess,
    private readonly directory: string,
  ) {}

  static async start(): Promise<Server> {
    const directory = mkdtempSync(join(tmpdir(), "member-page-"));
    const args = ["serve", "--demo", "--listen", "127.0.0.1:0", "--site", join(root, "dist")];
    const child = spawn(join(root, "target/release/member-server"), [
      ...args,
      "--database",
      `sqlite://${join(directory, "test.sqlite")}`,
    ]);
    let log = "";
    const address = await new Promise<string>((found, failed) => {
      child.stderr.on("data", (chunk: Buffer) => {
        log += chunk.toString();
        const listening = /"address":"([^"]+)"/.exec(log);
        if (listening?.[1]) found(listening[1]);
      });
      child.on("exit", () => failed(new Error(`the server did not start:\n${log}`)));
    });
    return new Server(`http://${address}`, child, directory);
  }

  /** A till's token for a shop. */
  async terminal(shop: string): Promise<string> {
    const answer = await fetch(`${this.origin}/demo/terminal/${shop}`);
    return ((await answer.json()) as { token: string }).token;
  }

  /** Redeems a code as a till does. */
  async redeem(token: string, code: string, billFen: number, key: string = crypto.randomUUID()): Promise<Response> {
    return fetch(`${this.origin}/v1/redemptions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, "idempotency-key": key },
      body: JSON.stringify({ code, billFen }),
    });
  }

  /** Runs a command of an operator on this server's database; gives what it prints. */
  operator(...args: string[]): string {
    const binary = join(root, "target/release/member-server");
    return execFileSync(binary, [...args, "--database", `sqlite://${join(this.directory, "test.sqlite")}`], { encoding: "utf8" });
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      const ended = new Promise((done) => this.process.once("exit", done));
      this.process.kill("SIGTERM");
      await ended;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}
