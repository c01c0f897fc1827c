// Prints the slowest tests of a run, from the JUnit reports of cargo-nextest and Playwright.
//   node tools/slowest-tests.mjs COUNT REPORT...
// Skips a missing report: its part may not have run.
import { existsSync, readFileSync } from "node:fs";

const [count, ...reports] = process.argv.slice(2);
const unescaped = (text) => text.replace(/&(quot|apos|lt|gt|amp);/g, (_, name) => ({ quot: '"', apos: "'", lt: "<", gt: ">", amp: "&" })[name]);

const tests = reports.filter((report) => existsSync(report)).flatMap((report) =>
  [...readFileSync(report, "utf8").matchAll(/<testcase\s([^>]*?)\/?>/g)].map(([, attributes]) => {
    const attribute = (name) => unescaped(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? "");
    return { seconds: Number(attribute("time")), name: `${attribute("classname")}  ${attribute("name")}` };
  }),
);
tests.sort((one, other) => other.seconds - one.seconds);
for (const { seconds, name } of tests.slice(0, Number(count))) console.log(`  ${seconds.toFixed(1).padStart(6)} s  ${name}`);
if (tests.length === 0) console.log("  no test has reported");
