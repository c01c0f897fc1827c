// Caches the page's files, so that the page opens offline. The page itself stores the backend's answers. The
// build fills in the two constants (tools/finish-dist.mjs).
const NAME = "member-page-";
const VERSION = NAME + "{{version}}";
const FILES = ["{{files}}"];
const PAGE = "/";
// Files whose name contains a hash of their content. They are correct for every version.
const HASHED = /^\/[\w-]+-[0-9a-f]{12,}\w*\.(css|js|wasm)$/;

addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(VERSION)
      // From the server or a fresh HTTP cache. All files or none are cached.
      .then((cache) => cache.addAll([new Request(PAGE, { cache: "reload" }), ...FILES]).then(() => cache.match(PAGE)))
      .then((page) => page.text())
      // One of several servers may be a version behind. A page that needs other files would not open offline.
      .then((html) => {
        if (!FILES.every((file) => html.includes(file))) throw new Error("page and files are of different versions");
      })
      // The new version need not wait until open pages close: the cache of their version is kept.
      .then(() => skipWaiting()),
  );
});

// The previous version's cache stays until the next version. A page of that version may be open or loading
// when this worker takes over, and the server no longer has its files. Other caches on this origin are left
// alone.
addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      // In order of creation.
      .then((names) => names.filter((name) => name.startsWith(NAME) && name !== VERSION).slice(0, -1))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});

addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== location.origin || event.request.method !== "GET") return;
  const isPage = event.request.mode === "navigate" && pathname === PAGE;
  if (!isPage && !HASHED.test(pathname)) return;
  // The page comes from this version's cache only: every version has one under the same name.
  const kept = isPage ? caches.open(VERSION).then((cache) => cache.match(PAGE)) : caches.match(pathname);
  event.respondWith(kept.then((answer) => answer ?? fetch(event.request)));
});
