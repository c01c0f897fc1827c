// <member-page>: a page configured by its attributes and by the property `options`.
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

// Options that are fixed while a page is mounted. A change mounts a new page.
const FIXED = ["apiBase", "pageUrl", "storageKey", "getToken"];

// The module can be imported without a document too, for example when a host renders on its server.
const Base = globalThis.HTMLElement ?? class {};

/** Returns the class of <member-page>, which mounts pages with `mount`. */
export const elementClass = (mount) => class MemberPageElement extends Base {
  static observedAttributes = Object.keys(ATTRIBUTES);
  #page = null;
  #isRefused = false;
  #options = {};

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    // The property may be set before the element is defined.
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
    // An element moved within the document stays mounted.
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
    // The `error` event has already reported the failure. The next change mounts again.
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
      // When an existing element is upgraded, attribute callbacks precede connectedCallback, which mounts the
      // page.
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
