// Keeps the page's own files on the device, so that it opens without network. Answers of the backend are not its business:
// the page keeps those itself. The build fills in the two constants (tools/finish-dist.mjs).
const NAME = "member-page-";
const VERSION = NAME + "{{version}}";
const FILES = ["{{files}}"];
const PAGE = "/";
// Files whose name carries a hash of their content: whichever version they are of, they are right.
const HASHED = /^\/[\w-]+-[0-9a-f]{12,}\w*\.(css|js|wasm)$/;

addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(VERSION)
      // From the server or a fresh HTTP cache, all or nothing.
      .then((cache) => cache.addAll([new Request(PAGE, { cache: "reload" }), ...FILES]).then(() => cache.match(PAGE)))
      .then((page) => page.text())
      // Of several servers one may be a version behind: a page that wants other files would not open without network.
      .then((html) => {
        if (!FILES.every((file) => html.includes(file))) throw new Error("page and files are of different versions");
      })
      // A new version need not wait for open pages to close: theirs is kept beside it.
      .then(() => skipWaiting()),
  );
});

// The version before this one stays until the next: a page of it may be open, or on its way to the screen, when this
// worker takes over, and the server has its files no more. Caches that others keep on this origin are left alone.
addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      // In the order in which they were made.
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
  // The page of this version only, since every version has one under the same name.
  const kept = isPage ? caches.open(VERSION).then((cache) => cache.match(PAGE)) : caches.match(pathname);
  event.respondWith(kept.then((answer) => answer ?? fetch(event.request)));
});
