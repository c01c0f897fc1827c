// The phone's clocks under a test's control. The phone's clock is `Date`; the monotonic clock is
// `performance.now()`. Timers always run in real time.
import type { Page } from "@playwright/test";

interface Clocks {
  /** Milliseconds that the phone's clock is ahead of the real time. */
  wall: number;
  /** Milliseconds that the monotonic clock is ahead of its real value. */
  monotonic: number;
  /** What `document.hidden` returns. */
  hidden: boolean;
}

declare global {
  interface Window {
    clocks: Clocks;
  }
}

/** Takes control of both clocks, in every document that the page opens. `wall` is the phone's error at first. */
export async function controlClocks(page: Page, wall = 0): Promise<void> {
  await page.addInitScript((wall) => {
    // A set clock stays set after a reload.
    const kept = sessionStorage.getItem("clock");
    const clocks = { wall: kept === null ? wall : Number(kept), monotonic: 0, hidden: false };
    window.clocks = clocks;
    const RealDate = Date;
    class ControlledDate extends RealDate {
      constructor(...all: unknown[]) {
        if (all.length === 0) super(RealDate.now() + clocks.wall);
        else super(...(all as [number]));
      }
      static override now() {
        return RealDate.now() + clocks.wall;
      }
    }
    const running = performance.now.bind(performance);
    performance.now = () => running() + clocks.monotonic;
    Object.assign(window, { Date: ControlledDate });
    Object.defineProperty(Document.prototype, "hidden", { get: () => clocks.hidden });
  }, wall);
}

/** Sets the phone's clock: `wall` is its error in milliseconds. The monotonic clock is not affected. */
export async function setPhoneClock(page: Page, wall: number): Promise<void> {
  await page.evaluate((wall) => {
    window.clocks.wall = wall;
    sessionStorage.setItem("clock", String(wall));
  }, wall);
}

/** Advances both clocks, as if this time had passed and no timer had run. */
export async function passTime(page: Page, millis: number): Promise<void> {
  await page.evaluate((millis) => {
    window.clocks.wall += millis;
    window.clocks.monotonic += millis;
  }, millis);
}

/**
 * Wakes a page whose phone slept for this long. The phone's clock is right. The monotonic clock did not run
 * during the sleep, so it is behind.
 */
export async function wakeAfterSleep(page: Page, millis: number): Promise<void> {
  await page.evaluate((millis) => {
    window.clocks.monotonic -= millis;
    document.dispatchEvent(new Event("visibilitychange"));
  }, millis);
}

/** Hides the page and shows it again. Both clocks advance meanwhile, as on a phone that does not sleep. */
export async function hideFor(page: Page, millis: number): Promise<void> {
  await page.evaluate((millis) => {
    window.clocks.hidden = true;
    document.dispatchEvent(new Event("visibilitychange"));
    window.clocks.wall += millis;
    window.clocks.monotonic += millis;
    window.clocks.hidden = false;
    document.dispatchEvent(new Event("visibilitychange"));
  }, millis);
}

/** The page's last mark of the time: the server's time and the phone's time at one moment, in milliseconds. */
export async function timeMark(page: Page): Promise<{ server: number; phone: number }> {
  const [server, phone] = await page.evaluate(() => (localStorage.getItem("time") ?? "").split(",").map(Number));
  return { server: server ?? Number.NaN, phone: phone ?? Number.NaN };
}
