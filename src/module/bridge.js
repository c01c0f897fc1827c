// Adapters for apps that show the page in a WebView or a frame. The page's events go out as messages; options
// and tokens come in. A message counts only if it comes from the source the channel listens to. All other
// messages are ignored and counted. bridge.d.ts documents the messages.
import { eventNames, mount } from "./member-page.js";

const VERSION = 1;
// A little longer than the page's own timeout, so that the page reports the timeout.
const TOKEN_TIMEOUT = 10_000;

export function embed(element, channel, options = {}, { takesOver = [] } = {}) {
  const waiting = new Map();
  // A random start: pages that share a channel must not take each other's answers.
  let [lastId] = crypto.getRandomValues(new Uint32Array(1));
  const ask = ({ rejected }) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      const timer = setTimeout(() => settle(id, () => reject(new Error("the app did not answer"))), TOKEN_TIMEOUT);
      waiting.set(id, { resolve, reject, timer });
      channel.send(message("get-token", { id, rejected }));
    });
  const settle = (id, act) => {
    const known = waiting.get(id);
    if (!known) return;
    waiting.delete(id);
    clearTimeout(known.timer);
    act(known);
  };

  const tell = (event) => {
    if (takesOver.includes(event.type)) event.preventDefault();
    channel.send(message("event", { name: event.type, detail: event.detail }));
  };
  for (const name of eventNames) element.addEventListener(name, tell);

  const page = mount(element, { ...options, getToken: ask });

  const take = (received) => {
    switch (received.type) {
      case "update":
        try {
          // `getToken` stays the channel's: a message cannot carry a function.
          page.update(received.options ?? {});
        } catch (error) {
          channel.send(message("event", { name: "error", detail: { kind: "options", field: error.field, message: error.message } }));
        }
        return true;
      case "token":
        settle(received.id, ({ resolve }) => resolve(received.token ?? null));
        return true;
      case "token-failed":
        settle(received.id, ({ reject }) => reject(new Error("the app has no token now")));
        return true;
      case "back":
        channel.send(message("back", { handled: page.back() }));
        return true;
      case "forget":
        forget();
        return true;
      case "refresh":
        page.refresh();
        return true;
      default:
        return false;
    }
  };
  const ignore = () => {
    const detail = { name: "message-ignored", value: channel.ignored(), unit: "count" };
    element.dispatchEvent(new CustomEvent("metric", { detail, bubbles: true, composed: true }));
  };
  const stop = channel.listen(take, ignore);

  const unmount = page.unmount;
  const leave = () => {
    // Comes first: the app must receive the event that the code is no longer on screen.
    unmount();
    stop();
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(new Error("unmounted")));
    for (const name of eventNames) element.removeEventListener(name, tell);
  };
  const forget = () => {
    leave();
    return page.forget();
  };
  const handle = { update: page.update, back: page.back, refresh: page.refresh, unmount: leave, forget };
  const ready = page.then(() => handle);
  // The `error` event has already reported the failure.
  ready.catch(() => {});
  return Object.assign(ready, handle);
}

function message(type, fields) {
  return { memberPage: VERSION, type, ...fields };
}

/**
 * Passes messages of this protocol to `take`. Calls `count` for all others and for messages that `take`
 * rejects.
 */
function sorted(take, count) {
  return (data) => {
    let parsed = data;
    if (typeof data === "string") {
      try {
        parsed = JSON.parse(data);
      } catch {
        parsed = null;
      }
    }
    const isOurs = parsed !== null && typeof parsed === "object" && parsed.memberPage === VERSION;
    if (!isOurs || !take(parsed)) count();
  };
}

/** Counts ignored messages, for all channels. */
function counter() {
  let ignored = 0;
  return {
    ignored: () => ignored,
    counting: (ignore) => () => {
      ignored += 1;
      ignore();
    },
  };
}

export function frameChannel({ origins, peer = window.parent }) {
  const isOrigin = (text) => {
    try {
      return new URL(text).origin === text;
    } catch {
      return false;
    }
  };
  if (!Array.isArray(origins) || origins.length === 0 || !origins.every(isOrigin)) {
    throw new TypeError("member-page: frameChannel() takes origins such as \"https://app.example\", without a path and never \"*\"");
  }
  if (peer === window) throw new TypeError("member-page: frameChannel() is for a page in a frame; this one is in none");
  const { ignored, counting } = counter();
  return {
    ignored,
    // The browser delivers only to the origin that the peer has.
    send: (sent) => origins.forEach((origin) => peer.postMessage(sent, origin)),
    listen(take, ignore) {
      const count = counting(ignore);
      const sort = sorted(take, count);
      const listener = (event) => (event.source === peer && origins.includes(event.origin) ? sort(event.data) : count());
      addEventListener("message", listener);
      return () => removeEventListener("message", listener);
    },
  };
}

export function androidChannel({ name = "memberPageHost" } = {}) {
  const injected = window[name];
  if (typeof injected?.postMessage !== "function") return null;
  const { ignored, counting } = counter();
  return {
    ignored,
    send: (sent) => injected.postMessage(JSON.stringify(sent)),
    listen(take, ignore) {
      const count = counting(ignore);
      const sort = sorted(take, count);
      // A message from the app has no origin. A message from a page has one.
      const listener = (event) => (event.origin ? count() : sort(event.data));
      injected.addEventListener("message", listener);
      return () => injected.removeEventListener("message", listener);
    },
  };
}

export function iosChannel({ name = "memberPageHost", receiver = "memberPageReceive" } = {}) {
  const handler = window.webkit?.messageHandlers?.[name];
  if (typeof handler?.postMessage !== "function") return null;
  const { ignored, counting } = counter();
  let sort = () => {};
  return {
    ignored,
    send(sent) {
      // A handler with reply answers through the promise. A handler without reply returns nothing.
      Promise.resolve(handler.postMessage(sent)).then(
        (reply) => reply !== undefined && reply !== null && sort(reply),
        () => sent.type === "get-token" && sort({ memberPage: VERSION, type: "token-failed", id: sent.id }),
      );
    },
    listen(take, ignore) {
      sort = sorted(take, counting(ignore));
      // The app calls this through evaluateJavaScript. A frame of another origin cannot.
      window[receiver] = (data) => sort(data);
      return () => {
        sort = () => {};
        delete window[receiver];
      };
    },
  };
}

export function jsBridgeChannel({ bridge = "WeixinJSBridge", ready = `${bridge}Ready`, call = "memberPage", handler = "memberPage" } = {}) {
  const { ignored, counting } = counter();
  let sort = () => {};
  const unsent = [];
  // These bridges answer every call. An answer that is not our message is only an acknowledgement.
  const post = (sent) => window[bridge].invoke(call, sent, (reply) => (typeof reply === "string" || reply?.memberPage) && sort(reply));
  return {
    ignored,
    send: (sent) => (window[bridge] ? post(sent) : unsent.push(sent)),
    listen(take, ignore) {
      sort = sorted(take, counting(ignore));
      const start = () => {
        window[bridge].on(handler, (data) => sort(data));
        unsent.splice(0).forEach(post);
      };
      if (window[bridge]) start();
      else document.addEventListener(ready, start, { once: true });
      return () => {
        sort = () => {};
        unsent.length = 0;
        document.removeEventListener(ready, start);
      };
    },
  };
}
