// Keeps the page's own files on the device, so that it opens without network. Answers of the backend are not its business:
// the page keeps those itself. The build fills in the two constants (tools/finish-dist.mjs).
const VERSION = "{{version}}";
const FILES = ["{{files}}"];
const PAGE = "/";

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
      // An open page has all of its files already, so a new version need not wait for it to close.
      .then(() => skipWaiting()),
  );
});

addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});

addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== location.origin || event.request.method !== "GET") return;
  const wanted = event.request.mode === "navigate" ? pathname === PAGE && PAGE : FILES.includes(pathname) && pathname;
  if (!wanted) return;
  event.respondWith(caches.match(wanted).then((kept) => kept ?? fetch(event.request)));
});
