// <member-page>: a page by its attributes and by the property `options`.
import { dispatchError } from "./frame.js";

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

/** The class of <member-page>, which mounts by `mount`. */
export const elementClass = (mount) => class MemberPageElement extends Base {
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
};
