/** A position and its coordinate system. Maps in China use GCJ-02. Devices report WGS 84. */
export interface Place {
  /** Latitude in degrees, -90 to 90. */
  lat: number;
  /** Longitude in degrees, -180 to 180. */
  lng: number;
  /** The coordinate system of `lat` and `lng`. */
  coordSystem: "wgs84" | "gcj02";
  /** The accuracy in metres, as the radius of 95 % confidence. Default: 0. */
  accuracyMetres?: number;
}

/**
 * A design token that a host may set. Values are CSS: colours, lengths for `radius-…`, font families for
 * `font`.
 */
export type Token =
  | "paper"
  | "surface"
  | "surface-sunken"
  | "ink"
  | "ink-soft"
  | "hairline"
  | "vermilion"
  | "vermilion-soft"
  | "vermilion-text"
  | "jade"
  | "jade-soft"
  | "amber"
  | "amber-soft"
  | "card-top"
  | "card-bottom"
  | "radius-card"
  | "radius-panel"
  | "radius-field"
  | "font";

/** Parts of the page that a host may hide. Each part is on unless it is `false`. */
export interface Features {
  /** The shop list. */
  shops?: boolean;
  /** The events for members. */
  events?: boolean;
  /** The button that opens the savings sheet. */
  savings?: boolean;
  /** Reminders of what is due soon. */
  reminders?: boolean;
  /** The language choice at the foot of the page. */
  languageChoice?: boolean;
}

/** Why the page requests a token. */
export interface TokenRequest {
  /**
   * `true` if the backend has just refused the previous token. Return a fresh token then, not a cached one.
   */
  rejected: boolean;
}

/** The options of a page. All are optional. */
export interface Options {
  /**
   * The backend: an `https` address, with or without a path, or a path on the host's own origin. `http` is
   * allowed for `localhost`, `127.0.0.1`, `[::1]` and the host's own origin. Default: the host's own origin.
   * Fixed while mounted.
   */
  apiBase?: string;
  /**
   * The address of the standalone page, for links that members share. Default: the root of `apiBase`, or the
   * host page's own address without `apiBase`. Fixed while mounted.
   */
  pageUrl?: string;
  /**
   * The name under which the device stores the member's data: 1 to 64 letters, digits, `-`, `_`. Members who
   * share a device need different names, for example an opaque user id. Otherwise call `forget()` between
   * members. Default: `apiBase`. Fixed while mounted.
   */
  storageKey?: string;
  /**
   * Returns the member's bearer token. The page calls it before every request and once more after a 401, and
   * never stores the token. `null` means that nobody is signed in. If the function throws or takes longer
   * than 8 seconds, the page behaves as without network. Without `getToken` the page uses the backend's
   * cookie, on the backend's own origin only.
   */
  getToken?: (request: TokenRequest) => string | null | Promise<string | null>;
  /**
   * A BCP 47 language tag for Simplified Chinese, Traditional Chinese or English. The member's own choice on
   * the page has priority. A change by `update()` applies at once.
   */
  locale?: string;
  /** Default: the device's setting. */
  theme?: "light" | "dark" | "system";
  /**
   * Design tokens. They replace all tokens set before: `{}` removes them. Tokens that are not named get the
   * page's own values.
   */
  tokens?: { [token in Token]?: string };
  /** The city of the shop list. */
  city?: "shanghai" | "hangzhou" | "guangzhou";
  /**
   * The member's position. The list starts with the nearest shops, and the page asks for no permission. The
   * backend gets the position only rounded to two decimals of a degree. If `accuracyMetres` is above 1,000,
   * the page counts no shops within 500 m.
   */
  place?: Place;
  /** The visible parts. Parts that are not named stay as they are. Card, code and refund cannot be hidden. */
  features?: Features;
  /** Opens the code for the shop with this id, each time it is given. A scanned sticker does the same. */
  shop?: string;
  /** Opens this sheet, each time it is given. `none` closes all sheets. */
  sheet?: "code" | "savings" | "none";
}

/** A mounted page. */
export interface PageHandle {
  /**
   * Changes the given options; the others stay. If one is wrong, throws a `TypeError` with the property
   * `field` and changes nothing. Until the code has loaded, changes wait, and the event `error` reports a
   * wrong option.
   */
  update(options: Options): void;
  /** Closes the topmost sheet. Returns whether one was open. For a back button. */
  back(): boolean;
  /** Requests everything from the backend again, for example after sign-in. */
  refresh(): void;
  /**
   * Removes the page and leaves no interval, listener or request. A running timer of a few seconds may still
   * fire; it does nothing.
   */
  unmount(): void;
  /** Unmounts and deletes the member's data from the device. For sign-out. */
  forget(): Promise<void>;
}

/**
 * The handle, usable at once, and a promise of it. The promise resolves when the page is on screen. It
 * rejects if an option is wrong (`TypeError` with the property `field`) or the code cannot be loaded.
 */
export type Mounting = Promise<PageHandle> & PageHandle;

/** Mounts a page into an element, in its own shadow tree. */
export function mount(element: Element | ShadowRoot, options?: Options): Mounting;

/**
 * Deletes the member's data of this `storageKey`, or of this backend, from the device. For when no page is
 * mounted.
 */
export function forget(options?: Pick<Options, "apiBase" | "storageKey">): Promise<void>;

/** Loads the code before the first `mount()`. Mounts nothing. */
export function load(): Promise<{ version: string }>;

/**
 * The element `<member-page api-base="…" locale="…">`. It is mounted while it is in the document. Options
 * that are text have an attribute. Set all others, such as `getToken`, by the property `options`.
 */
export class MemberPageElement extends HTMLElement {
  /**
   * Options set by property. They have priority over attributes. A change of a fixed option mounts a new
   * page.
   */
  options: Options;
  /** Closes the topmost sheet. Returns whether one was open. */
  back(): boolean;
  /** Requests everything from the backend again. */
  refresh(): void;
}

/** The detail of `redeemed`: a redemption. */
export interface RedeemedDetail {
  /** The redemption's id. */
  id: string;
  /** The shop's id. */
  shopId: string;
  /** The amount saved, in fen. */
  savedFen: number;
  /** The time of redemption, in UTC milliseconds. */
  redeemedAt: number;
}

/** The detail of `refund-action`. */
export interface RefundActionDetail {
  /** The state of the refund. */
  state: "scheduled" | "processing" | "succeeded" | "abnormal" | "closed";
  /** The address of the operator's support: `https:` or `tel:`. */
  url: string;
}

/** The detail of `open-link`. */
export interface OpenLinkDetail {
  /** The link's address: `https:`, `tel:` or `geo:`. */
  url: string;
}

/** The detail of `error`. */
export interface ErrorDetail {
  /** The kind of error: an option; loading of code or styles; the host's `getToken`; the backend. */
  kind:
    | "options"
    | "load-failed"
    | "styles-failed"
    | "token-failed"
    | "token-timeout"
    | "token-invalid"
    | "unreachable"
    | "unreadable"
    | "refused";
  /** For `options`: the name of the wrong option. */
  field?: string;
  /** A message for developers, in English. */
  message?: string;
  /** For `refused`: the problem's type, such as `unauthorized` or `rate-limited`. */
  problem?: string;
}

/** The detail of `metric`. */
export interface MetricDetail {
  /**
   * `ready`: time from mounting to the card. `code`: time from opening the code sheet to a code.
   * `message-ignored`: number of ignored messages so far.
   */
  name: "ready" | "code" | "message-ignored";
  /** The measured value. */
  value: number;
  /** Milliseconds or a count. */
  unit: "ms" | "count";
}

/**
 * The page's events. They bubble from the element that the page is mounted in. No event carries a code, a key
 * or a token.
 */
export interface MemberPageEventMap {
  /** The page shows the card, or the reason why there is none. */
  ready: CustomEvent<null>;
  /** A code is on screen. Make the screen bright. */
  "code-shown": CustomEvent<null>;
  /** The code is no longer on screen. */
  "code-hidden": CustomEvent<null>;
  /** A shop has redeemed, by code or PIN. */
  redeemed: CustomEvent<RedeemedDetail>;
  /** The member taps the button of a refund. `preventDefault()` takes over; otherwise `open-link` follows. */
  "refund-action": CustomEvent<RefundActionDetail>;
  /** Nobody is signed in, or the backend refuses the token. Sign in, then call `refresh()`. */
  "sign-in-needed": CustomEvent<null>;
  /** The member follows a link out of the page. `preventDefault()` takes over. */
  "open-link": CustomEvent<OpenLinkDetail>;
  /** An error occurred. The page shows it if the member has to know. */
  error: CustomEvent<ErrorDetail>;
  /** A measured value. */
  metric: CustomEvent<MetricDetail>;
}

/** The names of all events. */
export const eventNames: readonly (keyof MemberPageEventMap)[];

declare global {
  interface HTMLElementTagNameMap {
    "member-page": MemberPageElement;
  }
}
