// A fast code must also scan: each contender's code is decoded from a screenshot and redeemed.
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch, phone } from "./browser.mjs";
import { policyOf } from "./contenders.mjs";

const e2e = createRequire(join(import.meta.dirname, "../../e2e/package.json"));
const jsQr = e2e("jsqr");
const { PNG } = e2e("pngjs");
const SHOP = "sh-wutongli-coffee";

export function read(png) {
  const { data, width, height } = PNG.sync.read(png);
  return jsQr(new Uint8ClampedArray(data), width, height, { inversionAttempts: "dontInvert" })?.data ?? null;
}

/**
 * Fails unless each contender shows a code that a till can redeem. The static file's code is old, so it is
 * only decoded.
 */
export async function verify(served) {
  const browser = await launch();
  try {
    for (const contender of served) {
      const context = await browser.newContext({ ...phone, ...policyOf(contender) });
      await context.request.get(`${contender.origin}/demo/active`);
      const page = await context.newPage();
      await page.goto(`${contender.origin}/#code`);
      await page.locator('[data-testid=code-qr] path[d^="M"]').waitFor();
      const [, digits] = /^HTTPS?:\/\/[^/]+\/R\/(66\d{18})$/.exec(read(await page.getByTestId("code-qr").screenshot()) ?? "") ?? [];
      if (!digits) throw new Error(`the code that ${contender.name} shows cannot be read`);
      if (contender.name !== "static") await redeem(contender, digits);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

async function redeem({ name, origin }, code) {
  const { token } = await (await fetch(`${origin}/demo/terminal/${SHOP}`)).json();
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}`, "idempotency-key": crypto.randomUUID() };
  const answer = await fetch(`${origin}/v1/redemptions`, { method: "POST", headers, body: JSON.stringify({ code, billFen: 4_200 }) });
  if (answer.status !== 201) throw new Error(`the code that ${name} shows is refused: ${answer.status} ${await answer.text()}`);
}
