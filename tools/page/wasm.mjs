// The build's own operations on a wasm module: read its parts, rename imports, exports and functions, drop
// exports. Other sections stay byte for byte (WebAssembly core specification, section 5.5).

const CUSTOM = 0;
const IMPORT = 2;
const EXPORT = 7;
const CODE = 10;
const HEADER = 8;
const FUNCTION_NAMES = 1;
const TABLE = 1;

/** Reads numbers and names one after the other. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  slice(length) {
    return this.bytes.subarray(this.at, (this.at += length));
  }

  name() {
    return this.slice(this.number()).toString("utf8");
  }

  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
  }
}

function number(value) {
  const bytes = [];
  do {
    const rest = value >>> 7;
    bytes.push((value & 0x7f) | (rest ? 0x80 : 0));
    value = rest;
  } while (value);
  return Buffer.from(bytes);
}

const counted = (bytes) => Buffer.concat([number(bytes.length), bytes]);
const named = (name) => counted(Buffer.from(name));

/** A module's sections in order: `{ id, name, bytes }`. Only custom sections have a `name`. */
export function sections(wasm) {
  const reader = new Reader(wasm, HEADER);
  const found = [];
  while (reader.at < wasm.length) {
    const id = reader.byte();
    const bytes = reader.slice(reader.number());
    found.push({ id, name: id === CUSTOM ? new Reader(bytes).name() : "", bytes });
  }
  return found;
}

function assemble(wasm, parts) {
  return Buffer.concat([wasm.subarray(0, HEADER), ...parts.flatMap(({ id, bytes }) => [Buffer.from([id]), counted(bytes)])]);
}

const KINDS = ["function", "table", "memory", "global", "tag"];

/** A module's imports: `{ module, name, kind }`. Functions are in the order of their indices. */
function imports(bytes) {
  const reader = new Reader(bytes);
  return Array.from({ length: reader.number() }, () => {
    const [module, name] = [reader.name(), reader.name()];
    const from = reader.at;
    const kind = KINDS[reader.byte()];
    if (kind === "function") reader.number();
    else if (kind === "table") reader.byte(), reader.limits();
    else if (kind === "memory") reader.limits();
    else if (kind === "global") reader.slice(2);
    else throw new Error(`the wasm imports a ${kind ?? "thing of an unknown kind"}: tools/page/wasm.mjs has to learn it`);
    return { module, name, kind, description: bytes.subarray(from, reader.at) };
  });
}

/** How many functions a module imports. The indices of its own functions follow. */
const importedFunctions = (all) => imports(all.find(({ id }) => id === IMPORT).bytes).filter(({ kind }) => kind === "function").length;

/** The functions that the module defines: `{ name, bytes }`, with the size in bytes and the name, if any. */
export function functions(wasm) {
  const all = sections(wasm);
  const imported = importedFunctions(all);
  const names = new Map();
  const custom = all.find(({ name }) => name === "name");
  if (custom) {
    const reader = new Reader(custom.bytes);
    reader.name();
    while (reader.at < custom.bytes.length) {
      const kind = reader.byte();
      const part = new Reader(reader.slice(reader.number()));
      if (kind !== FUNCTION_NAMES) continue;
      for (let left = part.number(); left > 0; left--) names.set(part.number(), part.name());
    }
  }
  const code = new Reader(all.find(({ id }) => id === CODE).bytes);
  return Array.from({ length: code.number() }, (_, index) => {
    const bytes = code.number();
    code.slice(bytes);
    return { name: names.get(imported + index) ?? "", bytes };
  });
}

/** The module with its imports renamed by `rename(name)`. */
export function withImports(wasm, rename) {
  const parts = sections(wasm).map((section) => {
    if (section.id !== IMPORT) return section;
    const all = imports(section.bytes).map(({ module, name, description }) => [named(module), named(rename(name)), description]);
    return { ...section, bytes: Buffer.concat([number(all.length), ...all.flat()]) };
  });
  return assemble(wasm, parts);
}

function withExports(wasm, change) {
  const parts = sections(wasm).map((section) => {
    if (section.id !== EXPORT) return section;
    const reader = new Reader(section.bytes);
    const all = Array.from({ length: reader.number() }, () => ({ name: reader.name(), kind: reader.byte(), index: reader.number() }));
    const changed = all.flatMap(change);
    const bytes = changed.map(({ name, kind, index }) => Buffer.concat([named(name), Buffer.from([kind]), number(index)]));
    return { ...section, bytes: Buffer.concat([number(changed.length), ...bytes]) };
  });
  return assemble(wasm, parts);
}

/** The module without the exports that `drop(name)` names. */
export const withoutExports = (wasm, drop) => withExports(wasm, (one) => (drop(one.name) ? [] : [one]));

/** The module in which the table export of this name refers to the table with this index. */
export const withTable = (wasm, name, index) =>
  withExports(wasm, (one) => (one.kind === TABLE && one.name === name ? { ...one, index } : one));

/** The module with its exports renamed by `rename(name)`. */
export const withExportNames = (wasm, rename) => withExports(wasm, (one) => ({ ...one, name: rename(one.name) }));

/** The module with a name for each function that it defines, and no other names. */
export function withFunctionNames(wasm, nameOf) {
  const all = sections(wasm);
  const imported = importedFunctions(all);
  const count = new Reader(all.find(({ id }) => id === CODE).bytes).number();
  const names = Array.from({ length: count }, (_, index) => [number(imported + index), named(nameOf(index))]);
  const part = counted(Buffer.concat([number(count), ...names.flat()]));
  const section = { id: CUSTOM, name: "name", bytes: Buffer.concat([named("name"), Buffer.from([FUNCTION_NAMES]), part]) };
  return assemble(wasm, [...all.filter(({ name }) => name !== "name"), section]);
}

/** The module without custom sections, which only tools read. */
export function withoutCustomSections(wasm) {
  return assemble(wasm, sections(wasm).filter(({ id }) => id !== CUSTOM));
}
