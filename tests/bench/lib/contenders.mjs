// The contenders: the built page and its peers. The real server serves each on its own port, with its own
// copy of the same data.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPeers, buildStatic } from "../build-peers.mjs";
import { launch, phone } from "./browser.mjs";

const root = join(import.meta.dirname, "../../..");
export const OURS = "page";
export const server = join(root, "target/release/member-server");

/**
 * Our page runs under its own policy, as in production. Peers skip the policy: Solid creates elements from
 * HTML text, which the policy forbids, and the static file has styles in attributes.
 */
export const policyOf = ({ name }) => ({ bypassCSP: name !== OURS });

/** A server with demo data that serves a page from a directory. */
export class Served {
  constructor({ name, site, origin, database, child, folder }) {
    this.name = name;
    this.site = site;
    this.origin = origin;
    this.database = database;
    this.child = child;
    this.folder = folder;
  }

  static async start(name, site) {
    const folder = mkdtempSync(join(tmpdir(), "member-page-bench-"));
    const database = `sqlite://${join(folder, "bench.sqlite")}`;
    const child = spawn(server, ["serve", "--demo", "--listen", "127.0.0.1:0", "--site", site, "--database", database]);
    let log = "";
    const address = await new Promise((found, failed) => {
      child.stderr.on("data", (chunk) => {
        log += chunk;
        const address = /"address":"([^"]+)"/.exec(log)?.[1];
        if (address) found(address);
      });
      child.on("error", failed);
      child.on("exit", () => failed(new Error(`the server did not start:\n${log}`)));
    });
    return new Served({ name, site, origin: `http://${address}`, database, child, folder });
  }

  stop() {
    this.child.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts the named contenders. */
export async function start(names) {
  const sites = { [OURS]: join(root, "dist"), ...(await buildPeers()) };
  const served = [];
  for (const name of names.filter((name) => name !== "static")) served.push(await Served.start(name, sites[name]));
  if (names.includes("static")) served.push(await Served.start("static", await staticSite(served[0])));
  return served;
}

export const stop = (served) => served.forEach((one) => one.stop());

/** Makes the floor from our page's document: card, list and code sheet, without any script. */
async function staticSite(ours) {
  const browser = await launch();
  const context = await browser.newContext(phone);
  await context.request.get(`${ours.origin}/demo/active`);
  const page = await context.newPage();
  await page.goto(`${ours.origin}/#code`);
  await page.locator('[data-testid=code-qr] path[d^="M"]').waitFor();
  await page.locator("[data-testid=shop-row]").first().waitFor();
  const body = await page.evaluate(() => {
    const copy = document.body.cloneNode(true);
    for (const script of copy.querySelectorAll("script, noscript, style")) script.remove();
    // An open dialog without a script is not modal, but it still covers the page.
    for (const dialog of copy.querySelectorAll("dialog")) dialog.setAttribute("open", "");
    return copy.innerHTML;
  });
  await browser.close();
  return buildStatic(body);
}
