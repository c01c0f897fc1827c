// The page's policy stops attacks and reports them. The page itself never violates it.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { expect, showCode, test } from "../support/test.ts";

test.use({ alone: "security" });
// In order, on that server.
test.describe.configure({ mode: "default" });

const dist = resolve(import.meta.dirname, "../../../dist");

/** Notes the violations that the browser stops. */
async function watch(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const stopped: string[] = [];
    Object.assign(window, { stopped });
    addEventListener("securitypolicyviolation", (event) => stopped.push(`${event.effectiveDirective} ${event.blockedURI}`));
  });
  return () => page.evaluate(() => (window as unknown as { stopped: string[] }).stopped);
}

// An element with an end tag, or an element without one. Rust's type names (`Vec<u8>`, `<str>`) do not match.
const HTML = /<[a-z][^<>{}]*>[^<>{}]*<\/[a-z]+>|<(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b[^<>{}]*>/gi;

test("HTML is found in a text, with an end and without", () => {
  for (const html of ["<b>x</b>", "x<br>y", "<hr/>", '<input type="text">', '<IMG src="x">', "<p class=a></p>"]) {
    expect(html.match(HTML), html).not.toBeNull();
  }
  for (const text of ["Vec<u8>", "<str>", "Option<BrowserError>", "a < b > c", "<{T}>", "<color>"]) expect(text.match(HTML), text).toBeNull();
});

test("no HTML is in the page's wasm: views are made of nodes, and the policy forbids to parse text", () => {
  const modules = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".wasm"));
  expect(modules).not.toEqual([]);
  for (const file of modules) {
    const text = readFileSync(join(dist, file), "latin1");
    expect(text.match(HTML), `${file}: see docs/architecture.md, views and signals`).toBeNull();
  }
});

for (const persona of ["active", "ending", "refund-processing", "refund-abnormal", "none"]) {
  test(`the page never runs into its policy: ${persona}`, async ({ openAs, page }) => {
    const stopped = await watch(page);
    await openAs(persona);
    await expect(page.getByTestId("shop-row").first()).toBeVisible();
    await page.getByTestId("shop-row").first().click();
    await page.keyboard.press("Escape");
    if (persona === "active") {
      await page.evaluate(() => navigator.serviceWorker.ready);
      await showCode(page);
    }
    expect(await stopped()).toEqual([]);
  });
}

test.describe("what is stopped", () => {
  test.use({ expectedErrors: /Content Security Policy|TrustedHTML|TrustedScriptURL|TrustedTypePolicy/ });

  test("is text that is to become HTML or script, whoever tries", async ({ openAs, page }) => {
    await openAs("active");
    await expect(page.getByTestId("member-status")).toBeVisible();
    await page.evaluate(() => navigator.serviceWorker.ready);
    const outcomes = await page.evaluate(async () => {
      const { trustedTypes } = window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } };
      const tries: Record<string, () => unknown> = {
        html: () => (document.createElement("div").innerHTML = "<img src=x onerror=alert(1)>"),
        script: () => (document.createElement("script").src = "/evil.js"),
        worker: () => navigator.serviceWorker.register("/evil.js"),
        "another policy": () => trustedTypes.createPolicy("evil", { createHTML: (text: string) => text }),
        "the page's policy again": () => trustedTypes.createPolicy("member-page", { createHTML: (text: string) => text }),
      };
      const outcomes: Record<string, string> = {};
      for (const [name, attempt] of Object.entries(tries)) {
        try {
          await attempt();
          outcomes[name] = "done";
        } catch (error) {
          outcomes[name] = (error as Error).name;
        }
      }
      return outcomes;
    });
    expect(Object.entries(outcomes).filter(([, outcome]) => outcome !== "TypeError")).toEqual([]);
    expect(Object.keys(outcomes)).toHaveLength(5);
  });

  test("is reported by the browser and counted for the operator", async ({ server, openAs, page }) => {
    await openAs("active");
    await expect(page.getByTestId("member-status")).toBeVisible();
    await page.evaluate(() => {
      const image = new Image();
      image.src = "https://evil.example/x.png";
      document.body.append(image);
    });
    await expect.poll(() => server.operator("security-reports")).toMatch(/,img-src,1$/m);
  });
});
