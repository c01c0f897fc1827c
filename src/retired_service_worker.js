// Stands in for service_worker.js when an operator takes it back (`member-server serve --retire-service-worker`): devices
// delete the files they keep and load the page from the server again. Pages that are open are left as they are.
addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      // Those of the worker that this one replaces. Others that the origin may have are not its business.
      .then((names) => names.filter((name) => name.startsWith("member-page-")))
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => registration.unregister()),
  );
});
