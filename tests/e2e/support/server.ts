// The real backend with a new SQLite file. It serves the built page on a free port.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Fields of a refund event besides its state. A missing field has the value that a provider would send now. */
export interface RefundEventFields {
  /** The event's id. */
  id?: string;
  amountFen?: number;
  currency?: string;
  providerReference?: string;
  /** When the refund reached the state, in milliseconds. */
  occurredAt?: number;
}

export interface RefundEventAnswer {
  outcome: "applied" | "duplicate" | "refused" | "held";
  state: string;
}

const root = resolve(import.meta.dirname, "../../..");

export class Server {
  private constructor(
    readonly origin: string,
    private readonly process: ChildProcess,
    private readonly directory: string,
    private readonly secret: Buffer,
  ) {}

  /** Starts a server with further arguments. */
  static async start(...further: string[]): Promise<Server> {
    return Server.on(mkdtempSync(join(tmpdir(), "member-page-")), "127.0.0.1:0", further);
  }

  /** Stops this server and starts another at the same address with the same database. */
  async replaced(...further: string[]): Promise<Server> {
    await this.end();
    return Server.on(this.directory, new URL(this.origin).host, further);
  }

  private static async on(directory: string, address: string, further: string[]): Promise<Server> {
    const secret = randomBytes(32);
    const secretFile = join(directory, "refund-events.secret");
    writeFileSync(secretFile, `whsec_${secret.toString("base64")}\n`, { mode: 0o600 });
    const site = further.includes("--site") ? [] : ["--site", join(root, "dist")];
    const args = ["serve", "--demo", "--listen", address, ...site, "--refund-events-secret", secretFile, ...further];
    const child = spawn(join(root, "target/release/member-server"), [
      ...args,
      "--database",
      `sqlite://${join(directory, "test.sqlite")}`,
    ]);
    let log = "";
    const listening = await new Promise<string>((found, failed) => {
      child.stderr.on("data", (chunk: Buffer) => {
        log += chunk.toString();
        const address = /"address":"([^"]+)"/.exec(log)?.[1];
        if (address) found(address);
      });
      child.on("exit", () => failed(new Error(`the server did not start:\n${log}`)));
    });
    return new Server(`http://${listening}`, child, directory, secret);
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

  /** Reports a state of a refund as the payment provider does, with a signature by Standard Webhooks. */
  async refundEvent(
    refundId: string,
    state: "processing" | "succeeded" | "abnormal" | "closed",
    fields: RefundEventFields = {},
  ): Promise<RefundEventAnswer> {
    const { id = crypto.randomUUID(), ...rest } = fields;
    const event = { refundId, state, amountFen: 16_800, currency: "CNY", occurredAt: Date.now(), ...rest };
    const body = JSON.stringify(event);
    const timestamp = Math.floor(Date.now() / 1000).toString();
    const signature = createHmac("sha256", this.secret).update(`${id}.${timestamp}.${body}`).digest("base64");
    const answer = await fetch(`${this.origin}/v1/refund-events`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": `v1,${signature}`,
      },
      body,
    });
    if (!answer.ok) throw new Error(`the refund event was answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as RefundEventAnswer;
  }

  /** Runs an operator's command on this server's database and returns its output. */
  operator(...args: string[]): string {
    const binary = join(root, "target/release/member-server");
    return execFileSync(binary, [...args, "--database", `sqlite://${join(this.directory, "test.sqlite")}`], { encoding: "utf8" });
  }

  private async end(): Promise<void> {
    if (this.process.exitCode === null) {
      const ended = new Promise((done) => this.process.once("exit", done));
      this.process.kill("SIGTERM");
      await ended;
    }
  }

  async stop(): Promise<void> {
    await this.end();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
