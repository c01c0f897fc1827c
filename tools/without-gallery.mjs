// Fails if the members' build contains a name from the designers' gallery: node without-gallery.mjs DIST. The
// names come from the gallery's sources, so that new scenes are included.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const dist = process.argv[2] ?? join(root, "dist");
const sources = (directory) =>
  readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const isGallery = (file) => file.startsWith(join(root, "src/gallery"));

// A scene is written as `scene("name", ..)`, `Scene::panel(GROUP, "name", ..)` and the like.
const scene = /\b(?:scene|pin|panel|sheet|of_persona|with_backend)\(\s*(?:[A-Z]+,\s*)?"([a-z]+(?:-[a-z]+)+)"/g;
const files = sources("src");
const text = (file) => readFileSync(file, "utf8");
const scenes = files.filter(isGallery).flatMap((file) => [...text(file).matchAll(scene)].map(([, name]) => name));
if (scenes.length < 100) throw new Error(`only ${scenes.length} scenes found: the way they are written has changed`);
// Names that the page also uses prove nothing.
const page = [...files.filter((file) => !isGallery(file)), ...sources("style"), ...sources("crates/domain/src")].map(text).join("\n");
const tools = ["frame__scene", "knobs__reset", "galleryDevice", "gallery-scene"];
const names = [...tools, ...scenes].filter((name) => !page.includes(name));

const found = [];
for (const file of readdirSync(dist).filter((file) => /\.(wasm|js|css|html)$/.test(file))) {
  const built = readFileSync(join(dist, file)).toString("latin1");
  for (const name of names) if (built.includes(name)) found.push(`${file} has "${name}"`);
}
// Texts in wasm have no separator, so one or two names can occur by chance.
if (found.length > 2 || found.some((name) => tools.some((tool) => name.includes(tool)))) {
  console.error(`The gallery is in the release build:\n  ${found.slice(0, 10).join("\n  ")}`);
  process.exit(1);
}
console.log(`  none of ${names.length} names of the gallery is in ${dist}`);
