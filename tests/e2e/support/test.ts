// Playwright's test with a server per worker, and a page that fails its test on any error nobody expected.
import { type Page, test as base, expect } from "@playwright/test";
import { Server } from "./server.ts";

type Fixtures = {
  /** The errors on the console that the test expects; any other fails it. */
  expectedErrors: RegExp | null;
  /** Signs in as a demo persona and opens the page. */
  openAs: (persona: string, address?: string) => Promise<Page>;
};

type WorkerFixtures = {
  /** A file that names itself here has a server of its own, where nothing else happens. */
  alone: string;
  server: Server;
};

export const test = base.extend<Fixtures, WorkerFixtures>({
  alone: ["", { option: true, scope: "worker" }],
  server: [
    async ({ alone: _ }, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.origin),
  expectedErrors: [null, { option: true }],
  page: async ({ page, expectedErrors }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(`uncaught: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await use(page);
    const unexpected = errors.filter((error) => !expectedErrors?.test(error));
    expect(unexpected, "errors on the console").toEqual([]);
  },
  openAs: async ({ page }, use) => {
    await use(async (persona, address = "/") => {
      await page.context().request.get(`/demo/${persona}`);
      await page.goto(address);
      return page;
    });
  },
});

export { expect };

/** Opens the code sheet and gives the 20 digits shown. */
export async function showCode(page: Page): Promise<string> {
  await page.getByTestId("code-open").click();
  return shownDigits(page);
}

/** The 20 digits on the sheet. */
export async function shownDigits(page: Page): Promise<string> {
  const digits = page.getByTestId("code-digits");
  await expect(digits).toHaveText(/^\d{4}( \d{4}){4}$/);
  return (await digits.innerText()).replaceAll(" ", "");
}

/** Waits until the code on the sheet has this many seconds left, so that it does not rotate in mid-test. */
export async function codeWithSecondsLeft(page: Page, seconds: number): Promise<string> {
  await expect
    .poll(async () => Number(/\d+/.exec(await page.getByTestId("code-countdown").innerText())?.[0]), { timeout: 40_000 })
    .toBeGreaterThanOrEqual(seconds);
  return shownDigits(page);
}
