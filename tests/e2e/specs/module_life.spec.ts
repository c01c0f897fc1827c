// An unmounted page leaves nothing: no timer, no listener, no request and no memory, whatever it was doing.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/host.ts";

declare global {
  interface Window {
    /** Intervals, timeouts, listeners on window and document, and requests without an answer. */
    alive: { intervals: Set<number>; timeouts: Set<number>; listeners: string[]; requests: number };
    /** The memory of the page's wasm. */
    wasm: WebAssembly.Memory;
  }
}

/** Counts timers, listeners and requests, from before the page's code runs. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const alive = { intervals: new Set<number>(), timeouts: new Set<number>(), listeners: [] as string[], requests: 0 };
    window.alive = alive;
    const { fetch } = window;
    const timers = window as unknown as Record<string, (...args: unknown[]) => number>;
    const watchTimers = (kind: "Interval" | "Timeout", known: Set<number>) => {
      const [set, clear] = [timers[`set${kind}`]!, timers[`clear${kind}`]!];
      timers[`set${kind}`] = (act, ...rest) => {
        const id = set(() => {
          // A timeout ends when it fires; an interval goes on.
          if (kind === "Timeout") known.delete(id);
          (act as () => void)();
        }, ...rest);
        known.add(id);
        return id;
      };
      timers[`clear${kind}`] = (id) => {
        known.delete(id as number);
        return clear(id);
      };
    };
    watchTimers("Interval", alive.intervals);
    watchTimers("Timeout", alive.timeouts);
    window.fetch = async (...args) => {
      alive.requests += 1;
      try {
        return await fetch(...args);
      } finally {
        alive.requests -= 1;
      }
    };
    for (const [name, target] of [["window", window], ["document", document]] as const) {
      const { addEventListener, removeEventListener } = target;
      target.addEventListener = function (this: EventTarget, type: string, ...rest: [never]) {
        alive.listeners.push(`${name} ${type}`);
        return addEventListener.call(this, type, ...rest);
      } as typeof target.addEventListener;
      target.removeEventListener = function (this: EventTarget, type: string, ...rest: [never]) {
        const at = alive.listeners.indexOf(`${name} ${type}`);
        if (at >= 0) alive.listeners.splice(at, 1);
        return removeEventListener.call(this, type, ...rest);
      } as typeof target.removeEventListener;
    }
    for (const name of ["instantiate", "instantiateStreaming"] as const) {
      const start = WebAssembly[name] as (...args: unknown[]) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
      (WebAssembly as unknown as Record<string, unknown>)[name] = async (...args: unknown[]) => {
        const source = await start.apply(WebAssembly, args);
        window.wasm = source.instance.exports["memory"] as WebAssembly.Memory;
        return source;
      };
    }
  });
}

const alive = (page: Page) =>
  page.evaluate(() => ({
    intervals: window.alive.intervals.size,
    timeouts: window.alive.timeouts.size,
    listeners: [...window.alive.listeners].sort(),
    requests: window.alive.requests,
  }));

test("mounted and unmounted 4,000 times, nothing is left behind and memory does not grow", async ({ page, host, backend, token }) => {
  test.setTimeout(300_000);
  await watch(page);
  await host.open(page);
  const before = await alive(page);
  const round = (count: number) =>
    page.evaluate(
      async ([apiBase, token, count]) => {
        for (let index = 0; index < count; index += 1) {
          const ready = new Promise<void>((ready) => document.body.addEventListener("ready", () => ready(), { once: true }));
          const page = window.memberPage.mount(document.querySelector("#card")!, { apiBase, getToken: () => token });
          await page;
          // Half of the pages are unmounted at once, half when they show the card. Of these, some have all their
          // answers by then.
          if (index % 2 === 0) await ready;
          while (index % 50 === 0 && window.alive.requests > 0) await new Promise(requestAnimationFrame);
          page.unmount();
        }
      },
      [backend.origin, token, count] as const,
    );
  const client = await page.context().newCDPSession(page);
  const heap = async () => {
    await client.send("HeapProfiler.collectGarbage");
    const { usedSize } = await client.send("Runtime.getHeapUsage");
    return usedSize;
  };
  // The wasm's heap has its final size after some 1,500 rounds. Another 4,000 rounds did not enlarge it.
  await round(2_000);
  const warm = { wasm: await page.evaluate(() => window.wasm.buffer.byteLength), heap: await heap() };
  await round(2_000);
  const after = { wasm: await page.evaluate(() => window.wasm.buffer.byteLength), heap: await heap() };
  // A page of wasm memory is 64 KiB. Less than 66 bytes a round may stay, as gaps in the heap.
  expect(after.wasm - warm.wasm, "bytes of wasm memory").toBeLessThanOrEqual(2 * 65_536);
  expect(after.heap / warm.heap, "JS heap, as a multiple of that after the first").toBeLessThan(1.25);
  await expect(page.locator("#card")).toBeEmpty();
  await expect.poll(() => alive(page)).toEqual(before);
});

for (const [when, act] of [
  ["before its code has come", async () => {}],
  ["while its first requests are on their way", async (page: Page) => page.evaluate(() => window.pages[0]!.then(() => {}))],
  [
    "with the code on screen",
    async (page: Page) => {
      await page.evaluate(() => window.pages[0]!.then((mounted) => mounted.update({ sheet: "code" })));
      await expect(page.getByTestId("code-digits")).toHaveText(/^\d{4}( \d{4}){4}$/);
    },
  ],
  [
    "with a sheet open that waits for an answer",
    async (page: Page) => {
      await page.route("**/v1/redemptions", () => {});
      await page.evaluate(() => window.pages[0]!.then((mounted) => mounted.update({ sheet: "savings" })));
      await expect(page.getByTestId("savings-sheet")).toBeVisible();
    },
  ],
] as const) {
  test(`unmounted ${when}, it goes without a trace or an error`, async ({ page, host, backend, token }) => {
    await watch(page);
    // A request ends with the last byte of its answer. The stream of events never does.
    const underWay = new Set<string>();
    page.on("request", (request) => request.url().includes("/v1/") && underWay.add(request.url()));
    page.on("requestfinished", (request) => underWay.delete(request.url()));
    page.on("requestfailed", (request) => underWay.delete(request.url()));
    await host.open(page);
    await page.evaluate(() => window.memberPage.load());
    const before = await alive(page);
    await page.evaluate(
      ([apiBase, token]) => {
        const getToken = () => new Promise<string>((given) => queueMicrotask(() => given(token)));
        window.pages.push(window.memberPage.mount(document.querySelector("#card")!, { apiBase, getToken }));
      },
      [backend.origin, token] as const,
    );
    await act(page);
    await page.evaluate(() => {
      window.pages[0]!.unmount();
      window.pages[0]!.unmount();
    });
    await expect(page.locator("#card")).toBeEmpty();
    await expect.poll(() => [...underWay]).toEqual([]);
    await expect.poll(() => alive(page)).toEqual(before);
    const refused = await page.evaluate(() => {
      try {
        window.pages[0]!.update({ locale: "en" });
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(refused).toContain("after unmount()");
    expect(await page.evaluate(() => [window.pages[0]!.back(), window.pages[0]!.refresh()])).toEqual([false, undefined]);
  });
}
