// Writes tools/dist/rest.txt: which of the page's functions never run until card and code are on the screen, in whatever state
// they may be. These come in the page's second wasm.
//   node tools/record-first.mjs BUILT...    each BUILT is what trunk built, not finished yet
// A build whose functions have other names still works. Those are in the first wasm; what is missing there is waited for, and
// tests/e2e/specs/first_part.spec.ts says so.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, phone } from "../tests/bench/lib/browser.mjs";
import { Served } from "../tests/bench/lib/contenders.mjs";
import { small } from "./dist/glue.mjs";
import { assembled, stylesheets } from "./dist/page.mjs";
import { LIST, bare, mark, noting, ran } from "./dist/split.mjs";
import { functions } from "./dist/wasm.mjs";

const builds = process.argv.slice(2);
const LANGUAGES = ["zh-CN", "zh-TW", "en"];
const PERSONAS = ["active", "ending", "refund-scheduled", "refund-processing", "refund-succeeded", "refund-abnormal", "refund-closed", "none"];
const SHOP = "sh-wutongli-coffee";
/** What an answer leads to is over by then. */
const SETTLED = 700;

// The rest of the page does not come until it is let: what runs before is what has to be there first.
const ENTRY = `import init from "./glue.js";
window.memberPageRest = new Promise(() => {});
window.memberPageNotes = await init({ module_or_path: await memberPage });
dispatchEvent(new CustomEvent("TrunkApplicationStarted"));
`;

/** The bare names of all functions. */
const known = new Set();
/** And of those that ran. */
const seen = new Set();
const folder = mkdtempSync(join(tmpdir(), "member-page-first-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

/** A page that notes what runs: the directory that it is in, and its functions. */
function notingPage(built, index) {
  const file = (ending) => readFileSync(join(built, readdirSync(built).find((name) => name.startsWith("member-page-") && name.endsWith(ending))));
  const { modules: [readable], script } = small(file("_bg.wasm"), String(file(".js")), { entry: ENTRY, readable: true });
  const html = readFileSync(join(built, "index.html"), "utf8");
  const css = stylesheets(html).map((name) => readFileSync(join(built, name), "utf8")).join("\n");
  const site = join(folder, String(index));
  mkdirSync(site);
  writeFileSync(join(site, "page.wasm"), noting(readable));
  writeFileSync(join(site, "index.html"), assembled(html, { css, script, wasm: "page.wasm" }));
  const all = functions(readable);
  for (const { name } of all) if (name) known.add(bare(name));
  return { site, all };
}

const browser = await launch();

/** Opens the page in every state and notes what runs. */
async function record(origin, all) {
  /** Takes in what has run on a page since it was opened. */
  async function note(page, what) {
    const profile = await page.evaluate(() => {
      const { memory, __write_profile: write } = window.memberPageNotes;
      const at = memory.grow(2) * 65_536;
      return [...new Uint8Array(memory.buffer, at, write(at, 2 * 65_536))];
    });
    const before = seen.size;
    ran(Uint8Array.from(profile)).forEach((has, index) => has && seen.add(bare(all[index].name)));
    console.log(`  ${String(seen.size - before).padStart(5)} more functions  ${what}`);
  }

  const opened = async (context, address) => {
    const page = await context.newPage();
    await page.goto(origin + address);
    return page;
  };
  const code = (page) => page.locator('[data-testid=code-qr] path[d^="M"]').waitFor();
  const settled = (page) => page.waitForTimeout(SETTLED);

  for (const locale of LANGUAGES) {
    for (const persona of PERSONAS) {
      const context = await browser.newContext({ ...phone, locale, serviceWorkers: "block" });
      await context.request.get(`${origin}/demo/${persona}`);
      let page = await opened(context, "/");
      await page.locator("[data-testid=member-status], [data-testid=member-card] *").first().waitFor();
      await settled(page);
      const open = page.getByTestId("code-open");
      if (await open.isVisible()) {
        await open.click();
        await page.getByTestId("code-sheet").waitFor();
        await settled(page);
        await page.keyboard.press("Escape");
        await settled(page);
      }
      await note(page, `${locale} ${persona}: first visit, code by a tap`);
      await page.close();
      page = await opened(context, "/#code");
      await page.getByTestId("code-sheet").waitFor();
      await settled(page);
      await page.reload();
      await page.getByTestId("code-sheet").waitFor();
      await settled(page);
      await page.keyboard.press("Escape");
      await settled(page);
      // What these open comes later; that it is open does not.
      const savings = page.getByTestId("savings-open");
      if (await savings.isVisible()) {
        await savings.click();
        await settled(page);
        await page.goBack();
        await settled(page);
      }
      await note(page, `${locale} ${persona}: code by its address, and away from it`);
      await context.close();
    }

    const context = await browser.newContext({ ...phone, locale, serviceWorkers: "block" });
    await context.request.get(`${origin}/demo/active`);
    let page = await opened(context, `/?shop=${SHOP}`);
    await code(page);
    await settled(page);
    await page.keyboard.press("Escape");
    await settled(page);
    await note(page, `${locale} code for a shop`);
    await page.close();
    await context.route("**/v1/**", (route) => route.abort());
    page = await opened(context, "/#code");
    await code(page);
    await page.setViewportSize({ width: 844, height: 390 });
    await settled(page);
    await note(page, `${locale} second visit without network, turned`);
    await page.close();
    await context.unroute("**/v1/**");
    await context.route("**/v1/**", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: '{"type":"about:blank","title":"no","status":503}' }));
    page = await opened(context, "/#code");
    await code(page);
    await settled(page);
    await note(page, `${locale} second visit, the backend out of order`);
    await context.close();

    for (const [what, answer] of [["the backend out of order", { status: 503, body: "" }], ["signed out", { status: 401, contentType: "application/problem+json", body: '{"type":"unauthorized","title":"no","status":401}' }], ["not to be reached", null]]) {
      const context = await browser.newContext({ ...phone, locale, serviceWorkers: "block" });
      await context.route("**/v1/**", (route) => (answer ? route.fulfill(answer) : route.abort()));
      const page = await opened(context, "/");
      await settled(page);
      await note(page, `${locale} first visit, ${what}`);
      await context.close();
    }
  }

  {
    const context = await browser.newContext({ ...phone, serviceWorkers: "block" });
    await context.request.get(`${origin}/demo/active`);
    const page = await opened(context, "/#code");
    await code(page);
    console.log("  half a minute, until the code changes");
    const digits = () => page.getByTestId("code-digits").innerText();
    const before = await digits();
    await page.waitForFunction((before) => document.querySelector("[data-testid=code-digits]").innerText !== before, before, { timeout: 40_000 });
    await settled(page);
    await note(page, "the code changes");
  }
}

for (const [index, built] of builds.entries()) {
  const { site, all } = notingPage(built, index);
  const server = await Served.start(built, site);
  await record(server.origin, all);
  server.stop();
}
await browser.close();

const rest = [...known].filter((name) => !seen.has(name));
const says = "# Marks of the functions in the page's second wasm. Written by `make first-part`: they never ran until card and code were there.\n";
writeFileSync(LIST, `${says}${rest.map(mark).sort().join("\n")}\n`);
console.log(`${rest.length} of ${known.size} functions in tools/dist/rest.txt`);
process.exit();
