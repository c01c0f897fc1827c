// A host app's page on another origin. The backend's module is `window.memberPage`.
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { Server } from "./server.ts";
import { expect, test as base } from "./test.ts";
import type * as memberPage from "../../../src/module/member-page.d.ts";
import type * as bridge from "../../../src/module/bridge.d.ts";

export { expect };

declare global {
  interface Window {
    memberPage: typeof memberPage;
    bridge: typeof bridge;
    /** The page's events, in order. */
    heard: { name: string; detail: unknown }[];
    pages: memberPage.Mounting[];
  }
}

export class Host {
  private constructor(
    readonly origin: string,
    private readonly server: HttpServer,
    private backend: string,
  ) {}

  /** Starts the host. The backend must allow its origin, so it starts later and is set with `uses`. */
  static async start(): Promise<Host> {
    const server = createServer((request, response) => {
      if (request.url !== "/") return void response.writeHead(404).end();
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(host.html());
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const host: Host = new Host(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, "");
    return host;
  }

  /** Sets the backend's origin. */
  uses(backend: string): void {
    this.backend = backend;
  }

  /** Opens the host's page, waits for the module, and notes the events of mounted pages. */
  async open(page: Page): Promise<void> {
    await page.goto(this.origin);
    await page.waitForFunction(() => window.bridge !== undefined);
    await page.evaluate(() => {
      window.heard = [];
      window.pages = [];
      for (const name of window.memberPage.eventNames) {
        document.addEventListener(name, (event) => {
          if (event instanceof CustomEvent) window.heard.push({ name, detail: event.detail as unknown });
        });
      }
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private html(): string {
    const imports = { "member-page": `${this.backend}/module/member-page.js`, "member-page/bridge": `${this.backend}/module/bridge.js` };
    return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>Host</title><link rel="icon" href="data:,">
      <script type="importmap">${JSON.stringify({ imports })}</script>
      <script type="module">
        import * as memberPage from "member-page";
        import * as bridge from "member-page/bridge";
        Object.assign(window, { memberPage, bridge });
      </script>
      <div id="card"></div><div id="other"></div></html>`;
  }
}

/** Playwright's test with a host app and a backend that allows it. Each worker has its own pair. */
export const test = base.extend<{ host: Host; token: string; backend: Server }, { pair: { host: Host; server: Server } }>({
  pair: [
    async ({}, use) => {
      const host = await Host.start();
      const server = await Server.start("--allow-origin", host.origin);
      host.uses(server.origin);
      await use({ host, server });
      await server.stop();
      await host.stop();
    },
    { scope: "worker" },
  ],
  host: async ({ pair }, use) => use(pair.host),
  backend: async ({ pair }, use) => use(pair.server),
  token: async ({ pair }, use) => use(pair.server.operator("session", "add", "demo-active").trim()),
});

/** Mounts the page into `#card` with a fixed token. */
export async function mount(page: Page, apiBase: string, token: string, options: object = {}): Promise<void> {
  await page.evaluate(
    async ([apiBase, token, options]) => {
      const page = window.memberPage.mount(document.querySelector("#card")!, { apiBase, getToken: async () => token, ...options });
      window.pages.push(page);
      await page;
    },
    [apiBase, token, options] as const,
  );
}

/** The page's events of this name. */
export async function heard(page: Page, name: string): Promise<{ name: string; detail: unknown }[]> {
  return page.evaluate((name) => window.heard.filter((event) => event.name === name), name);
}
