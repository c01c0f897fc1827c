// 20,000 shops in one city, on a throttled processor: scroll through all of them, then search and filter
// them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { launch, phone, slowed } from "../lib/browser.mjs";
import { policyOf, server, start, stop } from "../lib/contenders.mjs";
import { rotated } from "../lib/statistics.mjs";

const LONG = 50;
const WORDS = ["梧桐小吃铺", "老灶手冲", "檐下面馆", "慢页书房", "麦屿茶舍"];
const CATEGORIES = ["咖啡", "茶饮", "烘焙", "小酒馆", "书店"];

/** Loads the city of the end-to-end tests. */
async function citySource() {
  const { outputFiles } = await build({ entryPoints: [join(import.meta.dirname, "../../e2e/support/city.ts")], write: false, format: "esm", logLevel: "warning" });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}

/** Runs in the page: records long tasks, and waits until the list shows the requested shops. */
function watchList() {
  const long = [];
  new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
  const painted = () =>
    new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      requestAnimationFrame(() => port2.postMessage(0));
    });
  const rows = () => [...document.querySelectorAll("[data-testid=shop-row]")];
  /** Milliseconds from the member's action until the rows on the screen satisfy `holds`. */
  const until = (event, holds) =>
    new Promise((done, fail) => {
      let began = 0;
      const tooLate = setTimeout(() => fail(new Error(`not what was asked for: ${rows().map((row) => row.textContent).join(", ")}`)), 20_000);
      const observer = new MutationObserver(look);
      async function look() {
        if (!began || !rows().length || !holds(rows())) return;
        observer.disconnect();
        clearTimeout(tooLate);
        done((await painted()) - began);
      }
      addEventListener(event, ({ timeStamp }) => ((began ||= timeStamp), look()), { capture: true, once: true });
      observer.observe(document.querySelector(".nearby-shops"), { subtree: true, childList: true, characterData: true });
    });
  Object.assign(window, {
    longTasks: () => long.splice(0),
    untilFound: (word) => until("input", (rows) => rows.every((row) => row.querySelector(".shop-row__name").textContent.includes(word))),
    untilNarrowed: (category) => until("click", (rows) => rows.every((row) => row.querySelector(".shop-row__about").textContent.includes(category))),
    // Scrolls screen by screen to the end. Returns the number of rows seen.
    scrollThrough: async (all) => {
      const seen = new Set();
      for (let last = performance.now(); seen.size < all && performance.now() - last < 30_000; ) {
        const before = seen.size;
        const shown = rows();
        for (const row of shown) seen.add(row.getAttribute("data-shop-id"));
        if (seen.size > before) last = performance.now();
        scrollBy(0, Math.max(200, (shown.at(-1)?.getBoundingClientRect().top ?? 0) - 300));
        await painted();
        await painted();
      }
      return seen.size;
    },
  });
}

/** Clicks the first chip with this name, on screen or off. */
const press = (page, name) =>
  page.evaluate((name) => [...document.querySelectorAll(".chip")].find((chip) => chip.textContent.trim() === name).click(), name);

async function opened(browser, contender) {
  const context = await browser.newContext({ ...phone, serviceWorkers: "block", ...policyOf(contender) });
  await context.request.get(`${contender.origin}/demo/active`);
  await context.addInitScript(watchList);
  const page = await context.newPage();
  await page.goto(contender.origin);
  await page.getByTestId("shop-row").first().waitFor();
  await page.waitForTimeout(1_000);
  const session = await slowed(page);
  return { contender, page, session };
}

export async function measure({ quick, say }) {
  const count = quick ? 500 : 20_000;
  const rounds = quick ? 2 : 15;
  /** A pause long enough for the backend's additional shops, and for restoring the list. */
  const rest = quick ? 500 : 1_000;
  const { city } = await citySource();
  const folder = mkdtempSync(join(tmpdir(), "member-page-city-"));
  const file = join(folder, "shops.csv");
  writeFileSync(file, city(count));
  say(`a city with ${count.toLocaleString("en")} shops`);
  // After the server has created the database, since it adds the demo shops only to an empty one.
  const served = await start(["page", "preact", ...(quick ? [] : ["solid"])]);
  for (const { database } of served) execFileSync(server, ["import", "shops", file, "--database", database], { stdio: "ignore" });
  const browser = await launch();
  const [scroll, find, narrow] = [{}, {}, {}];
  const [whileScrolling, whileFinding, whileNarrowing] = [{}, {}, {}];
  try {
    const pages = [];
    for (const contender of served) {
      say(`scrolling through all shops: ${contender.name}${quick ? "" : ", some minutes"}`);
      const one = await opened(browser, contender);
      await one.page.evaluate(() => window.longTasks());
      const began = Date.now();
      const seen = await one.page.evaluate((all) => window.scrollThrough(all), count);
      if (seen < count) throw new Error(`${contender.name} shows ${seen} of ${count} shops`);
      scroll[contender.name] = [(Date.now() - began) / 1_000];
      whileScrolling[contender.name] = await one.page.evaluate(() => window.longTasks());
      await one.page.evaluate(() => scrollTo(0, document.querySelector(".nearby-shops").offsetTop));
      pages.push(one);
    }
    say("searching and filtering");
    for (const into of [find, narrow, whileFinding, whileNarrowing]) for (const { contender } of pages) into[contender.name] = [];
    for (let round = 0; round < rounds; round++) {
      for (const { contender, page } of rotated(pages, round)) {
        await page.bringToFront();
        const field = page.getByTestId("shop-search");
        await field.focus();
        await page.waitForTimeout(300);
        await page.evaluate(() => window.longTasks());
        const word = WORDS[round % WORDS.length];
        // Watch before typing: keyboard input and evaluated scripts reach the page by different ways.
        await page.evaluate((word) => void (window.found = window.untilFound(word)), word);
        await page.keyboard.insertText(word);
        find[contender.name].push(await page.evaluate(() => window.found));
        await page.waitForTimeout(rest);
        whileFinding[contender.name].push(...(await page.evaluate(() => window.longTasks())));
        await field.fill("");
        await page.waitForTimeout(rest);
        await page.evaluate(() => window.longTasks());
        const category = CATEGORIES[round % CATEGORIES.length];
        await page.evaluate((category) => void (window.narrowed = window.untilNarrowed(category)), category);
        await press(page, category);
        narrow[contender.name].push(await page.evaluate(() => window.narrowed));
        await page.waitForTimeout(rest);
        await press(page, category);
        await page.waitForTimeout(rest);
        whileNarrowing[contender.name].push(...(await page.evaluate(() => window.longTasks())));
      }
    }
  } finally {
    await browser.close();
    stop(served);
    rmSync(folder, { recursive: true });
  }
  const counted = (tasks) => Object.fromEntries(Object.entries(tasks).map(([name, all]) => [name, [all.filter((task) => task > LONG).length]]));
  const worst = (tasks) => Object.fromEntries(Object.entries(tasks).map(([name, all]) => [name, [Math.max(0, ...all)]]));
  const rows = [{ figure: "search until shown", unit: "ms", values: find }, { figure: "filter until shown", unit: "ms", values: narrow }, { figure: "scroll through all", unit: "s", values: scroll }];
  for (const [when, tasks] of [["scrolling", whileScrolling], ["searching", whileFinding], ["filtering", whileNarrowing]]) {
    rows.push({ figure: `tasks over ${LONG} ms while ${when}`, unit: "", values: counted(tasks), targets: [{ most: 0 }] });
    rows.push({ figure: `longest task while ${when}`, unit: "ms", values: worst(tasks) });
  }
  return [{ title: `List of ${count.toLocaleString("en")} shops`, rows }];
}
