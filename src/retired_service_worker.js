// Replaces service_worker.js when an operator retires it (`member-server serve --retire-service-worker`).
// Devices delete the cached files and load the page from the server again. Open pages are not affected.
addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      // Only the caches of the replaced worker. The origin may have others.
      .then((names) => names.filter((name) => name.startsWith("member-page-")))
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => registration.unregister()),
  );
});
