// Whether the oldest engines can compile a module: wasm-opt reads it with their features and no others.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FEATURE_OPTIONS } from "../page/binaryen.mjs";

/** Why the oldest engines cannot compile it, or `null`. */
export function uncompilable(file) {
  const directory = mkdtempSync(join(tmpdir(), "engines-"));
  const bare = join(directory, "bare.wasm");
  try {
    writeFileSync(bare, withoutFeatureList(readFileSync(file)));
    const { status, stderr, error } = spawnSync("wasm-opt", [...FEATURE_OPTIONS, bare, "-o", join(directory, "out.wasm")], { encoding: "utf8" });
    return status === 0 ? null : (error?.message ?? stderr.trim().split("\n").slice(0, 3).join("\n"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The module without the compiler's list of features: wasm-opt would allow every feature in the list. */
function withoutFeatureList(module) {
  const kept = [module.subarray(0, 8)];
  for (let at = 8; at < module.length; ) {
    const [size, body] = leb128(module, at + 1);
    const [nameLength, name] = leb128(module, body);
    const isList = module[at] === 0 && module.toString("latin1", name, name + nameLength) === "target_features";
    if (!isList) kept.push(module.subarray(at, body + size));
    at = body + size;
  }
  return Buffer.concat(kept);
}

/** Reads a number in LEB128. Returns it and the position after it. */
function leb128(bytes, at) {
  let number = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    number += (bytes[at] & 0x7f) * 2 ** shift;
    if (bytes[at] < 0x80) return [number, at + 1];
  }
}
