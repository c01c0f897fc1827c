// Playwright's test with a server per worker, and a page that fails its test after an unexpected error.
import { type Page, test as base, expect } from "@playwright/test";
import { Server } from "./server.ts";

type Fixtures = {
  /** The errors on the console that the tests of a file or block may cause. */
  expectedErrors: RegExp | null;
  /** Names an error on the console that this test causes. The test fails if the error does not come. */
  expectError: (message: RegExp) => void;
  /** Signs in as a demo persona and opens the page. */
  openAs: (persona: string, address?: string) => Promise<Page>;
};

type WorkerFixtures = {
  /** A file that sets its own name here has a server that no other file uses. */
  alone: string;
  /** For how many seconds a code is current. Files that wait for the next code set a short period. */
  codePeriod: number;
  server: Server;
};

/** Named errors of the running test. A worker runs one test at a time. */
const named: RegExp[] = [];

export const test = base.extend<Fixtures, WorkerFixtures>({
  alone: ["", { option: true, scope: "worker" }],
  codePeriod: [30, { option: true, scope: "worker" }],
  server: [
    async ({ alone: _, codePeriod }, use) => {
      const server = await Server.start("--code-period", String(codePeriod));
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.origin),
  expectedErrors: [null, { option: true }],
  expectError: async ({}, use) => use((message) => named.push(message)),
  page: async ({ page, expectedErrors }, use) => {
    named.length = 0;
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(`uncaught: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await use(page);
    const isExpected = (error: string) => expectedErrors?.test(error) || named.some((message) => message.test(error));
    expect(errors.filter((error) => !isExpected(error)), "unexpected errors on the console").toEqual([]);
    expect(named.filter((message) => !errors.some((error) => message.test(error))), "errors that did not come").toEqual([]);
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

/** The browser's message about a request without network. */
export const NO_NETWORK = /^Failed to load resource: net::ERR_INTERNET_DISCONNECTED$/;

/** The browser's message about a request that the test aborts. */
export const ABORTED = /^Failed to load resource: net::ERR_FAILED$/;

/** The browser's message about an answer with this status. */
export const answered = (status: number): RegExp => new RegExp(`^Failed to load resource: the server responded with a status of ${status} \\(`);

/** Marks a test that asserts a duration. No other test runs beside it (playwright.config.ts). */
export const DURATION = { tag: "@duration" };

/** Signs in as the active member and removes the favourites that other tests of this server have left. */
export async function withoutFavourites(page: Page): Promise<void> {
  const { request } = page.context();
  await request.get("/demo/active");
  const { shopIds } = (await (await request.get("/v1/favourites")).json()) as { shopIds: string[] };
  const changes = shopIds.map((shopId) => ({ shopId, isFavourite: false }));
  expect((await request.put("/v1/favourites", { data: { changes } })).status()).toBe(200);
}

/** Opens the code sheet and returns the 20 digits shown. */
export async function showCode(page: Page): Promise<string> {
  await page.getByTestId("code-open").click();
  return shownDigits(page);
}

/** Returns the 20 digits on the sheet. */
export async function shownDigits(page: Page): Promise<string> {
  const digits = page.getByTestId("code-digits");
  await expect(digits).toHaveText(/^\d{4}( \d{4}){4}$/);
  return (await digits.innerText()).replaceAll(" ", "");
}

/** Waits until the sheet shows another code than this one, and returns it. */
export async function nextCode(page: Page, digits: string): Promise<string> {
  await expect.poll(() => shownDigits(page), { timeout: 45_000 }).not.toBe(digits);
  return shownDigits(page);
}

/**
 * Waits until the code on the sheet has this many seconds left, so that it does not rotate within the next
 * steps of the test. For codes of 30 s. A till accepts a code for one period more, so a test that only
 * redeems needs no such wait.
 */
export async function codeWithSecondsLeft(page: Page, seconds: number): Promise<string> {
  await expect
    .poll(async () => Number(/\d+/.exec(await page.getByTestId("code-countdown").innerText())?.[0]), { timeout: 40_000 })
    .toBeGreaterThanOrEqual(seconds);
  return shownDigits(page);
}

/**
 * Waits until the browser has painted two frames and has nothing more to run. Everything that the page had
 * queued is then done and on screen.
 */
export async function idle(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(() => done())))),
  );
}
