// The member page for host apps: loads the wasm once, mounts a page into an element, and defines <member-page>. Types,
// options and events are documented in member-page.d.ts.
import init, { forgetMember, mountPage, pageVersion } from "./member_page.js";

const STYLES = new URL("./member-page.css", import.meta.url).href;
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
  // A load that failed is tried anew by the next who asks.
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
  // What the host changes before the code has come.
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
  // A promise of the handle and the handle itself: whoever cannot wait may go on at once.
  return Object.assign(
    start().then(() => handle),
    handle,
  );
}

// How long the code may take before the member is told that something is wrong.
const PATIENCE = 10_000;

/** The element that one page lives in: a shadow tree with the page's styles. */
class Frame {
  #timer;

  constructor(element) {
    this.host = document.createElement("div");
    this.host.dataset.memberPage = "";
    this.tree = this.host.attachShadow({ mode: "open" });
    this.root = document.createElement("div");
    const styles = document.createElement("link");
    styles.rel = "stylesheet";
    this.styled = new Promise((done) => {
      styles.onload = done;
      // Without its styles the page still works, and says everything it has to say.
      styles.onerror = () => {
        this.tellError({ kind: "styles-failed", message: "the page's stylesheet could not be loaded" });
        done();
      };
    });
    styles.href = STYLES;
    this.tree.append(styles, this.root);
    element.append(this.host);
  }

  /** Says that the page is on its way, and after a while that it does not come. */
  expect(retry) {
    const notice = line("p", "正在打开会员卡… Opening your card…");
    notice.setAttribute("role", "status");
    this.#say(notice);
    this.#timer = setTimeout(() => this.tellFailure(retry), PATIENCE);
  }

  /** The page's element, to be mounted into. */
  empty() {
    clearTimeout(this.#timer);
    this.root.replaceChildren();
    return this.root;
  }

  /** Says something before there is a page. The page's own styles may not have come, and have none for this. */
  #say(notice) {
    Object.assign(notice.style, { font: "15px/1.5 system-ui, sans-serif", margin: 0, padding: "16px" });
    this.empty().append(notice);
  }

  /** Says in both languages that the page could not be opened. It is not there yet to say it in the member's own. */
  tellFailure(retry) {
    const chinese = line("p", "会员卡没能打开，请再试一次。");
    const english = line("p", "Your member card could not be opened. Please try again.", "en");
    const button = line("button", "重试 / Try again");
    button.type = "button";
    button.className = "button";
    button.onclick = retry;
    const notice = document.createElement("div");
    notice.setAttribute("role", "alert");
    notice.append(chinese, english, button);
    this.#say(notice);
  }

  tellError(detail) {
    dispatchError(this.root, detail);
  }

  remove() {
    clearTimeout(this.#timer);
    this.host.remove();
  }
}

function line(name, text, lang = "zh-Hans") {
  const element = document.createElement(name);
  element.lang = lang;
  element.textContent = text;
  return element;
}

function dispatchError(target, detail) {
  target.dispatchEvent(new CustomEvent("error", { detail, bubbles: true, composed: true }));
}

const ATTRIBUTES = {
  "api-base": "apiBase",
  "page-url": "pageUrl",
  "storage-key": "storageKey",
  locale: "locale",
  theme: "theme",
  city: "city",
  shop: "shop",
  sheet: "sheet",
};

// What a page cannot change while it is mounted: the element mounts another.
const FIXED = ["apiBase", "pageUrl", "storageKey", "getToken"];

// Where there is no document, as when a host renders on its server, the module can still be imported.
const Base = globalThis.HTMLElement ?? class {};

export class MemberPageElement extends Base {
  static observedAttributes = Object.keys(ATTRIBUTES);
  #page = null;
  #isRefused = false;
  #options = {};

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    // Set before the element was known to the browser.
    if (Object.hasOwn(this, "options")) {
      this.#options = this.options;
      delete this.options;
    }
  }

  get options() {
    return this.#options;
  }

  set options(options) {
    this.#options = options ?? {};
    this.#change(this.#options);
  }

  connectedCallback() {
    // Moved within the document, it stays mounted.
    if (!this.#page) this.#mount();
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#page?.unmount();
      this.#page = null;
    });
  }

  attributeChangedCallback(name, _, value) {
    if (value !== null) this.#change({ [ATTRIBUTES[name]]: value });
  }

  back() {
    return this.#page?.back() ?? false;
  }

  refresh() {
    this.#page?.refresh();
  }

  #mount() {
    const page = mount(this.shadowRoot, { ...this.#attributes(), ...this.#options });
    this.#page = page;
    this.#isRefused = false;
    // The event has told; what is set next is tried anew.
    page.catch((error) => {
      if (!error.field || this.#page !== page) return;
      this.#page = null;
      this.#isRefused = true;
    });
  }

  #attributes() {
    const given = Object.entries(ATTRIBUTES).filter(([attribute]) => this.hasAttribute(attribute));
    return Object.fromEntries(given.map(([attribute, option]) => [option, this.getAttribute(attribute)]));
  }

  #change(changes) {
    if (!this.isConnected) return;
    if (!this.#page) {
      // An element of the document that becomes one of these hears of its attributes before it is connected, which mounts it.
      if (this.#isRefused) this.#mount();
      return;
    }
    try {
      this.#page.update(changes);
    } catch (error) {
      if (FIXED.includes(error?.field)) {
        this.#page.unmount();
        return this.#mount();
      }
      dispatchError(this, { kind: "options", field: error?.field, message: error?.message });
    }
  }
}

if (globalThis.customElements && !customElements.get("member-page")) {
  customElements.define("member-page", MemberPageElement);
}
