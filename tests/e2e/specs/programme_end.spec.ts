// The last day ends at midnight in Shanghai, on pages left open, whatever zone and clock the device has.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

// A server of its own: a page that lives in another year finds each new credential expired, and uses up the member's
// enrolments.
test.use({ alone: "programme_end" });
// In order, on that one server.
test.describe.configure({ mode: "default" });

// To the backend these are many devices of one member, whose enrolments it slows down in the end.
test.use({ expectedErrors: /429/ });

const SECONDS_BEFORE = 8;

/**
 * Answers about the member as if `lastDay` ended in Shanghai a few seconds after the first question. It goes on saying that
 * the card works, so that only the page itself can turn the day.
 */
async function endingOn(page: Page, lastDay: string): Promise<void> {
  const midnight = Date.parse(`${lastDay}T00:00:00+08:00`) + 86_400_000;
  let first: number | undefined;
  await page.route("**/v1/me", async (route) => {
    const answer = await route.fetch();
    const me = await answer.json();
    first ??= performance.now();
    me.serverTime = Math.round(midnight - SECONDS_BEFORE * 1_000 + performance.now() - first);
    Object.assign(me.programme, { phase: "ending", lastDay });
    Object.assign(me.card, { state: "active", validFrom: "2026-01-01", validUntil: "2030-01-01" });
    await route.fulfill({ response: answer, json: me });
  });
}

/** The card works, then it does not: without a reload. */
async function endsAtMidnight(page: Page): Promise<void> {
  const banner = page.getByTestId("refund-banner");
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await expect(banner).toContainText("是会员卡的最后一天");
  await expect(banner).toHaveAttribute("data-state", "ending");
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await page.getByTestId("code-open").click();
  await expect(page.getByTestId("code-sheet")).not.toContainText("已结束");

  await expect(banner).toHaveAttribute("data-state", "scheduled", { timeout: 20_000 });
  await expect(page.getByTestId("member-status")).toHaveText("已结束");
  await expect(page.getByTestId("code-sheet")).toContainText("已结束");
  await expect(page.getByTestId("code-digits")).toHaveCount(0);
  await expect(page.getByTestId("refund-changed")).toContainText("退款");
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
}

for (const [timezoneId, lastDay] of [
  ["America/Los_Angeles", "2028-02-29"],
  ["Etc/GMT+8", "2027-12-31"],
  ["Pacific/Kiritimati", "2026-12-31"],
] as const) {
  test.describe(timezoneId, () => {
    test.use({ timezoneId });

    test(`a page left open over the end of ${lastDay} follows`, async ({ openAs, page }) => {
      await endingOn(page, lastDay);
      await openAs("ending");
      await endsAtMidnight(page);
    });
  });
}

for (const days of [-400, 400]) {
  test(`a phone whose clock is ${days} days off turns the day with Shanghai`, async ({ openAs, page }) => {
    await page.addInitScript((off) => {
      const RealDate = Date;
      class ShiftedDate extends RealDate {
        constructor(...all: unknown[]) {
          if (all.length === 0) super(RealDate.now() + off);
          else super(...(all as [number]));
        }
        static override now() {
          return RealDate.now() + off;
        }
      }
      Object.assign(window, { Date: ShiftedDate });
    }, days * 86_400_000);
    await endingOn(page, "2027-12-31");
    await openAs("ending");
    await endsAtMidnight(page);
  });
}
