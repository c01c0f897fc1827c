import type { Mounting, Options, PageHandle } from "./member-page.js";

/**
 * What the page sends, as objects (JSON text through `androidChannel`):
 * `{memberPage: 1, type: "event", name, detail}` for each event of the page;
 * `{memberPage: 1, type: "get-token", id, rejected}`, to be answered within 8 seconds;
 * `{memberPage: 1, type: "back", handled}`, the answer to `back`.
 */
export type FromPage =
  | { memberPage: 1; type: "event"; name: string; detail: unknown }
  | { memberPage: 1; type: "get-token"; id: number; rejected: boolean }
  | { memberPage: 1; type: "back"; handled: boolean };

/** What the page takes. Anything else is ignored, and counted. */
export type ToPage =
  | { memberPage: 1; type: "token"; id: number; token: string | null }
  | { memberPage: 1; type: "token-failed"; id: number }
  | { memberPage: 1; type: "update"; options: Options }
  | { memberPage: 1; type: "back" }
  | { memberPage: 1; type: "forget" }
  | { memberPage: 1; type: "refresh" };

/** A way to the app around the page. */
export interface Channel {
  /** Sends a message to the app. */
  send(message: FromPage): void;
  /** Calls `take` with each message of this protocol and `ignored` after any other; gives what stops it. */
  listen(take: (message: ToPage) => boolean, ignored: () => void): () => void;
  /** How many messages were ignored so far. */
  ignored(): number;
}

export interface EmbedSettings {
  /** Events with which the app does what usually the page does: `open-link`, `refund-action`. */
  takesOver?: readonly ("open-link" | "refund-action")[];
}

/** Mounts a page whose tokens, options and events go through a channel. */
export function embed(
  element: Element | ShadowRoot,
  channel: Channel,
  options?: Omit<Options, "getToken">,
  settings?: EmbedSettings,
): Mounting;

/** A page in a frame: messages of the parent window (or of `peer`), from these origins only. */
export function frameChannel(settings: { origins: readonly string[]; peer?: Window }): Channel;

/** Android's `WebViewCompat.addWebMessageListener`, which injects an object of this name; `null` where there is none. */
export function androidChannel(settings?: { name?: string }): Channel | null;

/** iOS: a `WKScriptMessageHandler`, or one with reply, of this name; `null` where there is none. The app calls `window[receiver](message)`. */
export function iosChannel(settings?: { name?: string; receiver?: string }): Channel | null;

/** Bridges made like WeChat's: an object with `invoke(call, message, answer)` and `on(handler, take)` that appears with an event. */
export function jsBridgeChannel(settings?: {
  bridge?: string;
  ready?: string;
  call?: string;
  handler?: string;
}): Channel;

export type { Mounting, Options, PageHandle };
