// The member page for host apps: loads the wasm once, mounts a page into an element, and defines
// <member-page>. member-page.d.ts documents types, options and events.
import { elementClass } from "./element.js";
import { Frame, dispatchError } from "./frame.js";
import init, { forgetMember, mountPage, pageVersion } from "./member_page.js";

const WASM = new URL("./member_page_bg.wasm", import.meta.url);

/** The names of all events. */
export const eventNames = Object.freeze([
  "ready",
  "code-shown",
  "code-hidden",
  "redeemed",
  "refund-action",
  "sign-in-needed",
  "open-link",
  "error",
  "metric",
]);

let loaded;

export function load() {
  // The next call retries a failed load.
  loaded ??= init({ module_or_path: WASM }).catch((error) => {
    loaded = undefined;
    throw error;
  });
  return loaded.then(() => ({ version: pageVersion() }));
}

export async function forget(options = {}) {
  await load();
  await forgetMember({ apiBase: options.apiBase, storageKey: options.storageKey });
}

export function mount(element, options = {}) {
  if (typeof element?.append !== "function") {
    throw new TypeError("member-page: mount() takes the element to mount into first");
  }
  const frame = new Frame(element);
  let page = null;
  let isMounted = true;
  // The host's changes before the code has loaded.
  const waiting = [];

  const start = async () => {
    const retry = () => start().catch(() => {});
    frame.expect(retry);
    try {
      await Promise.all([load(), frame.styled]);
    } catch (cause) {
      return failed(cause, retry);
    }
    if (!isMounted || page) return;
    let error = null;
    try {
      page = mountPage(frame.empty(), options);
    } catch (thrown) {
      error = thrown;
    }
    if (error && !error.field) return failed(error, retry);
    if (error) {
      unmount();
      dispatchError(element, { kind: "options", field: error.field, message: error.message });
      throw error;
    }
    for (const changes of waiting.splice(0)) {
      try {
        page.update(changes);
      } catch (error) {
        dispatchError(element, { kind: "options", field: error.field, message: error.message });
      }
    }
  };

  const failed = (cause, retry) => {
    if (!isMounted) return;
    frame.tellFailure(retry);
    frame.tellError({ kind: "load-failed", message: String(cause?.message ?? cause) });
    throw new Error("member-page: its code could not be loaded or started", { cause });
  };

  const unmount = () => {
    isMounted = false;
    page?.unmount();
    page?.free();
    page = null;
    frame.remove();
  };

  const handle = {
    update(changes = {}) {
      if (!isMounted) throw new Error("member-page: update() after unmount(); mount the page anew");
      if (page) page.update(changes);
      else waiting.push(changes);
    },
    back: () => page?.back() ?? false,
    refresh: () => page?.refresh(),
    unmount,
    forget() {
      unmount();
      return forget(options);
    },
  };
  // Both a promise of the handle and the handle itself, so that a host can use it without waiting.
  return Object.assign(
    start().then(() => handle),
    handle,
  );
}

export const MemberPageElement = elementClass(mount);

if (globalThis.customElements && !customElements.get("member-page")) {
  customElements.define("member-page", MemberPageElement);
}
