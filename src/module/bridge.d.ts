import type { Mounting, Options, PageHandle } from "./member-page.js";

/**
 * Messages that the page sends, as objects; through `androidChannel` as JSON text. `event` reports an event
 * of the page. `get-token` needs an answer within 8 seconds. `back` answers the app's `back`.
 */
export type FromPage =
  | { memberPage: 1; type: "event"; name: string; detail: unknown }
  | { memberPage: 1; type: "get-token"; id: number; rejected: boolean }
  | { memberPage: 1; type: "back"; handled: boolean };

/** Messages that the page accepts. All others are ignored and counted. */
export type ToPage =
  | { memberPage: 1; type: "token"; id: number; token: string | null }
  | { memberPage: 1; type: "token-failed"; id: number }
  | { memberPage: 1; type: "update"; options: Options }
  | { memberPage: 1; type: "back" }
  | { memberPage: 1; type: "forget" }
  | { memberPage: 1; type: "refresh" };

/** A message channel between the page and the app. */
export interface Channel {
  /** Sends a message to the app. */
  send(message: FromPage): void;
  /**
   * Calls `take` for each message of this protocol and `ignored` after any other. Returns a function that
   * stops listening.
   */
  listen(take: (message: ToPage) => boolean, ignored: () => void): () => void;
  /** The number of ignored messages so far. */
  ignored(): number;
}

/** Settings of an embedded page. */
export interface EmbedSettings {
  /** Events that the app handles in place of the page. */
  takesOver?: readonly ("open-link" | "refund-action")[];
}

/** Mounts a page. Its tokens, options and events go through the channel. */
export function embed(
  element: Element | ShadowRoot,
  channel: Channel,
  options?: Omit<Options, "getToken">,
  settings?: EmbedSettings,
): Mounting;

/**
 * The channel of a page in a frame. Accepts messages from the parent window, or from `peer`, with one of
 * these exact origins only.
 */
export function frameChannel(settings: { origins: readonly string[]; peer?: Window }): Channel;

/**
 * The channel to Android's `WebViewCompat.addWebMessageListener`, which injects an object of this name.
 * Default name: `memberPageHost`. Returns `null` if the object does not exist.
 */
export function androidChannel(settings?: { name?: string }): Channel | null;

/**
 * The channel to an iOS `WKScriptMessageHandler`, with or without reply, of this name. The app calls
 * `window[receiver](message)`. Defaults: `name` = `memberPageHost`, `receiver` = `memberPageReceive`. Returns
 * `null` if the handler does not exist.
 */
export function iosChannel(settings?: { name?: string; receiver?: string }): Channel | null;

/**
 * The channel to a bridge like WeChat's. `bridge` names an object with `invoke(call, message, answer)` and
 * `on(handler, take)`. Without the object, the channel waits for the event `ready` on `document`.
 * Defaults: `WeixinJSBridge`, `ready` = `bridge` + `Ready`, `call` and `handler` = `memberPage`.
 */
export function jsBridgeChannel(settings?: {
  bridge?: string;
  ready?: string;
  call?: string;
  handler?: string;
}): Channel;

export type { Mounting, Options, PageHandle };
