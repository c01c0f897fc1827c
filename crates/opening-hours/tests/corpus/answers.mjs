// Writes answers.txt: what opening_hours.js says of each value of values.txt and constructs.txt at each of
// instants.txt. `cargo test` compares these answers with this crate's, without Node.
//   node answers.mjs          writes the file
//   node answers.mjs --check  fails if the file differs
import { readFileSync, writeFileSync } from "node:fs";

// opening_hours.js reads dates in the local time zone.
process.env.TZ = "Asia/Shanghai";
const { default: OpeningHours } = await import("opening_hours");

const place = { lat: "31.23", lon: "121.47", address: { country_code: "cn", country: "China" } };
const file = (name) => new URL(name, import.meta.url);
const lines = (name) =>
  readFileSync(file(name), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

const instants = lines("instants.txt").map((text) => new Date(`${text.replace(" ", "T")}:00`));

/** A mask with one bit for each instant, the first one first, as hexadecimal digits. */
function mask(bits) {
  const digits = [];
  for (let start = 0; start < bits.length; start += 4) {
    const four = bits.slice(start, start + 4).map(Number);
    digits.push((four[0] * 8 + four[1] * 4 + four[2] * 2 + four[3]).toString(16));
  }
  return digits.join("");
}

/** When it is open and, after a slash, when that is unknown; `-` if the value is refused. */
function answer(value) {
  let states;
  try {
    const hours = new OpeningHours(value, place);
    states = instants.map((instant) => (hours.getState(instant) ? "open" : hours.getUnknown(instant) ? "unknown" : "closed"));
  } catch {
    return "-";
  }
  const open = mask(states.map((state) => state === "open"));
  return states.includes("unknown") ? `${open}/${mask(states.map((state) => state === "unknown"))}` : open;
}

// Holidays that it does not have are reported on the console.
console.error = () => {};
const header = "# Written by answers.mjs with opening_hours.js: one line for each value of values.txt, then of constructs.txt.\n";
const answers = ["values.txt", "constructs.txt"].flatMap((name) => lines(name).map(answer));
const text = `${header}${answers.join("\n")}\n`;

if (process.argv.includes("--check")) {
  if (readFileSync(file("answers.txt"), "utf8") !== text) {
    process.stderr.write("answers.txt is not what opening_hours.js answers: run 'node answers.mjs' beside it.\n");
    process.exit(1);
  }
} else {
  writeFileSync(file("answers.txt"), text);
}
