// The member's state and codes, which any such page computes. Without a framework; both peers use it.
import { credential, keep, keepCredential, kept } from "./device.js";

async function ask(path, init) {
  const answer = await fetch(path, init);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** How far server time is ahead of a clock that nobody sets, in milliseconds. */
let ahead = kept("peer-ahead") ?? 0;
export const now = () => performance.timeOrigin + performance.now() + ahead;

/** Shows the stored state at once, and the backend's answer when it arrives. */
export async function member(show) {
  const last = kept("last-me");
  if (last) show(last);
  const me = await ask("/v1/me");
  ahead = me.serverTime - performance.timeOrigin - performance.now();
  keep("peer-ahead", ahead);
  keep("last-me", me);
  show(me);
}

/** Returns this device's credential. Enrols the device if it has none. */
export async function device() {
  const own = await credential();
  if (own && own.expiresAt > now()) return own;
  const { key, number, valuePattern, totpDetails, expiresAt } = await ask("/v1/credentials", { method: "POST" });
  const signing = await crypto.subtle.importKey("jwk", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const enrolled = { key: signing, number, pattern: valuePattern, period: totpDetails.periodMillis, digits: totpDetails.valueLength, expiresAt };
  // The code does not wait for the storage. If storing fails, the next visit enrols again.
  keepCredential(enrolled).catch(() => undefined);
  return enrolled;
}

/** The code of a time step (RFC 6238 with SHA-256): the text in the QR, and the digits. */
export async function code({ key, number, pattern, digits }, step) {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter));
  const binary = mac.getUint32(mac.getUint8(31) & 15) & 0x7fffffff;
  const value = String(binary % 10 ** digits).padStart(digits, "0");
  return { payload: pattern.replace("{totp_value_0}", value), digits: `66${number}${value}` };
}

/** Calls `show` with each step's code when the step begins. Returns a function that stops it. */
export function rotate(own, show) {
  let [timer, last] = [0, -1];
  const tick = async () => {
    const step = Math.floor(now() / own.period);
    if (step !== last) {
      last = step;
      const made = await code(own, step);
      if (last === step) show({ ...made, step });
    }
    timer = setTimeout(tick, Math.min((step + 1) * own.period - now(), 1_000) + 1);
  };
  tick();
  return () => {
    last = -2;
    clearTimeout(timer);
  };
}
