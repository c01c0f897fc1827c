// The page's delivery, and its data on the device.
import { expect, test } from "../support/test.ts";

test("the page runs under a strict Content-Security-Policy", async ({ openAs, page }) => {
  const answers: Record<string, string>[] = [];
  page.on("response", async (response) => {
    if (new URL(response.url()).pathname === "/") answers.push(await response.allHeaders());
  });
  await openAs("active");
  await expect(page.getByTestId("member-status")).toBeVisible();
  const policy = answers[0]?.["content-security-policy"] ?? "";
  expect(policy).toContain("'wasm-unsafe-eval'");
  expect(policy).toContain("'sha256-");
  expect(policy).not.toContain("unsafe-inline");
  expect(policy).not.toContain("'unsafe-eval'");
  expect(answers[0]?.["cache-control"]).toBe("no-cache");
});

test("files with a hash in their name are compressed and kept for a year", async ({ openAs, page }) => {
  const files: { path: string; headers: Record<string, string> }[] = [];
  page.on("response", async (response) => {
    const { pathname } = new URL(response.url());
    if (/\.(js|wasm|css)$/.test(pathname)) files.push({ path: pathname, headers: await response.allHeaders() });
  });
  await openAs("active");
  await expect(page.getByTestId("member-status")).toBeVisible();
  await expect.poll(() => new Set(files.map((file) => file.path.split(".").pop()))).toEqual(new Set(["css", "wasm"]));
  for (const { path, headers } of files) {
    expect(headers["cache-control"], path).toBe("public, max-age=31536000, immutable");
    expect(headers["content-encoding"], path).toMatch(/^(br|gzip)$/);
  }
});

test("nothing moves when the page takes over from its skeleton", async ({ openAs, page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { shift: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        (window as unknown as { shift: number }).shift += (entry as unknown as { value: number }).value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await openAs("active");
  await expect(page.getByTestId("shop-row").first()).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { shift: number }).shift)).toBeLessThan(0.02);
});

test("no secret is in cookies that scripts see, in storage, or in the address", async ({ openAs, page }) => {
  let key = "";
  page.on("response", async (response) => {
    if (response.url().endsWith("/v1/credentials")) key = (await response.json()).key.k;
  });
  await openAs("active", "/#code");
  await expect(page.getByTestId("code-qr")).toBeVisible();
  await expect.poll(() => key).not.toBe("");
  const readable = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, location.href]));
  expect(readable).not.toContain(key);
  expect(await page.evaluate(() => document.cookie)).toBe("");
  expect(await page.content()).not.toContain(key);
});

test("a scan by a phone that is not paired opens a page that says what to do", async ({ page }) => {
  const answer = await page.goto("/R/66123456789012345678");
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("heading")).toContainText("先绑定这部手机");
  await expect(page.getByText("6612 3456 7890 1234 5678")).toBeVisible();
});

test("a release build takes its time from the machine alone, and says so", ({ server }) => {
  process.env["MEMBER_SERVER_NOW"] = "0";
  try {
    expect(() => server.operator("attempts")).toThrow(/only debug builds take their time from it: unset it/);
  } finally {
    delete process.env["MEMBER_SERVER_NOW"];
  }
});
