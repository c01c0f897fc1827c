/** A place, with the coordinate system it is given in: maps in China use GCJ-02, the device's own position is WGS 84. */
export interface Place {
  /** Latitude in degrees, -90 to 90. */
  lat: number;
  /** Longitude in degrees, -180 to 180. */
  lng: number;
  /** The system of both. */
  coordSystem: "wgs84" | "gcj02";
  /** How far off it may be, in metres (radius of 95 % confidence); 0 unless given. */
  accuracyMetres?: number;
}

/** A design token that a host may set. Values are CSS: colours, lengths for `radius-…`, font families for `font`. */
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

/** Parts of the page that a host may leave out. Each is on unless it is set to `false`. */
export interface Features {
  /** The list of shops. */
  shops?: boolean;
  /** The events for members. */
  events?: boolean;
  /** What the card has saved, in full. */
  savings?: boolean;
  /** What is due soon. */
  reminders?: boolean;
  /** The choice of language at the foot of the page. */
  languageChoice?: boolean;
}

/** Why a token is asked for. */
export interface TokenRequest {
  /** Whether the backend has just refused the last one: give a fresh one, not one that is kept. */
  rejected: boolean;
}

/** How to mount a page. All of it is optional. */
export interface Options {
  /** The backend: an https address (http on the same device or for the host's own origin), perhaps with a path, or a path on the host's own origin. The host's own origin unless given. Fixed while mounted. */
  apiBase?: string;
  /** Where the page is to be had on its own, for links that members pass on. The backend's root unless given, or the host's own address where the backend is the host's origin. Fixed while mounted. */
  pageUrl?: string;
  /** What the device keeps is kept under this name (letters, digits, `-`, `_`). Different members on one device need different ones, for instance the user's id in the host, or `forget()` between them. `apiBase` unless given. Fixed while mounted. */
  storageKey?: string;
  /** Gives the member's bearer token, asked for before every request and once more after a 401; kept nowhere. `null` says that nobody is signed in. A function that throws, or takes longer than 8 seconds, counts as no network. Without it the backend's cookie counts, on its own origin only. */
  getToken?: (request: TokenRequest) => string | null | Promise<string | null>;
  /** A BCP 47 language tag of a language that the page speaks: Simplified or Traditional Chinese, or English. The member's own choice on the page comes first; a change by `update()` counts at once. */
  locale?: string;
  /** The device's setting unless given. */
  theme?: "light" | "dark" | "system";
  /** Design tokens, all that the host sets: those not named are the page's own, whatever was set before. */
  tokens?: { [token in Token]?: string };
  /** The city to list shops of. */
  city?: "shanghai" | "hangzhou" | "guangzhou";
  /** Where the member is: the list starts with what is near, and nobody has to be asked. */
  place?: Place;
  /** What is shown; parts not named stay as they are. */
  features?: Features;
  /** Opens the code at this shop, as a scanned sticker does. */
  shop?: string;
  /** Opens a sheet. */
  sheet?: "code" | "savings" | "none";
}

/** A page that is mounted. */
export interface PageHandle {
  /** Takes in the options that are given; the others stay. Throws a `TypeError` with the property `field` where one is wrong, and changes nothing then. Before the code has loaded the change waits for it, and the event `error` tells what is wrong. */
  update(options: Options): void;
  /** Closes the topmost sheet; whether there was one. For a back button. */
  back(): boolean;
  /** Asks the backend for everything again, as after signing in. */
  refresh(): void;
  /** Takes the page away and leaves nothing of it behind: no interval, no listener, no request. A timer of a few seconds that is running may still end, and does nothing then. */
  unmount(): void;
  /** Unmounts, and forgets what the device holds of the member: for a host whose user signs out. */
  forget(): Promise<void>;
}

/** The handle at once, and a promise of it: kept once the page is on screen, broken where an option is wrong (`TypeError` with the property `field`) or the code cannot be loaded. */
export type Mounting = Promise<PageHandle> & PageHandle;

/** Mounts a page into an element, in a shadow tree of its own. */
export function mount(element: Element | ShadowRoot, options?: Options): Mounting;

/** Forgets what the device holds of the member of this backend, or of this `storageKey`, where no page is mounted. */
export function forget(options?: Pick<Options, "apiBase" | "storageKey">): Promise<void>;

/** Loads the code ahead of the first `mount()`. */
export function load(): Promise<{ version: string }>;

/** `<member-page api-base="…" locale="…">`: mounts while it is in the document. Attributes are those of the options that are text; all others, `getToken` among them, are set by the property `options`. */
export class MemberPageElement extends HTMLElement {
  /** The options that are set by property; they come before the attributes. A fixed one that changes mounts another page. */
  options: Options;
  /** As on the handle. */
  back(): boolean;
  /** As on the handle. */
  refresh(): void;
}

/** A redemption, in `redeemed`. */
export interface RedeemedDetail {
  /** The redemption's id. */
  id: string;
  /** The shop's id. */
  shopId: string;
  /** What it saved, in fen. */
  savedFen: number;
  /** When, in UTC milliseconds. */
  redeemedAt: number;
}

/** In `refund-action`. */
export interface RefundActionDetail {
  /** Where the refund stands. */
  state: "scheduled" | "processing" | "succeeded" | "abnormal" | "closed";
  /** Where the page leads: the operator's support, by `https:` or `tel:`. */
  url: string;
}

/** In `open-link`. */
export interface OpenLinkDetail {
  /** Where the link leads: `https:`, `tel:` or `geo:`. */
  url: string;
}

/** In `error`. */
export interface ErrorDetail {
  /** What went wrong: an option; loading code or styles; the host's token function; the backend. */
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
  /** Which option, for `options`. */
  field?: string;
  /** For developers, in English. */
  message?: string;
  /** The problem's type, for `refused`: `unauthorized`, `rate-limited`, … */
  problem?: string;
}

/** In `metric`. */
export interface MetricDetail {
  /** `ready`: from mounting to the card; `code`: from opening the sheet to a code; `message-ignored`: messages of strangers so far. */
  name: "ready" | "code" | "message-ignored";
  /** How much. */
  value: number;
  /** Of what: milliseconds, or so many. */
  unit: "ms" | "count";
}

/** The page's events: they bubble from the element it is mounted in, and none carries a code, a key or a token. */
export interface MemberPageEventMap {
  /** The page shows the card, or why there is none. */
  ready: CustomEvent<null>;
  /** A code is on screen: turn the screen bright. */
  "code-shown": CustomEvent<null>;
  /** It no longer is. */
  "code-hidden": CustomEvent<null>;
  /** A shop has redeemed. */
  redeemed: CustomEvent<RedeemedDetail>;
  /** The member does what a refund needs; `preventDefault()` takes over, else `open-link` follows. */
  "refund-action": CustomEvent<RefundActionDetail>;
  /** Nobody is signed in, or the backend refuses the token: sign in, then call `refresh()`. */
  "sign-in-needed": CustomEvent<null>;
  /** The member follows a link out of the page; `preventDefault()` takes over. */
  "open-link": CustomEvent<OpenLinkDetail>;
  /** Something went wrong. The page says so itself where the member has to know. */
  error: CustomEvent<ErrorDetail>;
  /** Something was measured. */
  metric: CustomEvent<MetricDetail>;
}

/** The names of all events, to listen to each of them. */
export const eventNames: readonly (keyof MemberPageEventMap)[];

declare global {
  interface HTMLElementTagNameMap {
    "member-page": MemberPageElement;
  }
}
