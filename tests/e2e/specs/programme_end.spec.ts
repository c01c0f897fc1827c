// The last day ends at midnight in Shanghai, also on open pages, whatever the device's zone and clock.
import type { Page } from "@playwright/test";
import { controlClocks } from "../support/clocks.ts";
import { answered, expect, test } from "../support/test.ts";

// A page in another year finds each new credential expired and enrols often. So it has a server of its own, which
// refuses the enrolments in the end.
test.use({ alone: "programme_end" });
// In order, on that server.
test.describe.configure({ mode: "default" });
test.use({ expectedErrors: answered(429) });

/** When the last day ends, in milliseconds of `performance.now()`. */
interface Midnight {
  at: number;
}

/**
 * Answers about the member as if `lastDay` ended in Shanghai at the returned moment, at first an hour away. The
 * answers never say that the card has ended, so only the page itself can change the day.
 */
async function endingOn(page: Page, lastDay: string): Promise<Midnight> {
  const end = Date.parse(`${lastDay}T00:00:00+08:00`) + 86_400_000;
  const midnight = { at: performance.now() + 3_600_000 };
  await page.route("**/v1/me", async (route) => {
    const answer = await route.fetch();
    const me = await answer.json();
    me.serverTime = Math.round(end - (midnight.at - performance.now()));
    Object.assign(me.programme, { phase: "ending", lastDay });
    Object.assign(me.card, { state: "active", validFrom: "2026-01-01", validUntil: "2030-01-01" });
    await route.fulfill({ response: answer, json: me });
  });
  return midnight;
}

/** The card works until midnight and not after it, without a reload. */
async function endsAtMidnight(page: Page, midnight: Midnight): Promise<void> {
  const banner = page.getByTestId("refund-banner");
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await expect(banner).toContainText("是会员卡的最后一天");
  await expect(banner).toHaveAttribute("data-state", "ending");
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await page.getByTestId("code-open").click();
  await expect(page.getByTestId("code-sheet")).toBeVisible();
  await expect(page.getByTestId("code-sheet")).not.toContainText("已结束");

  // The page asks for the time and learns that midnight is near.
  midnight.at = performance.now() + 2_000;
  await page.evaluate(() => dispatchEvent(new Event("online")));
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
      const midnight = await endingOn(page, lastDay);
      await openAs("ending");
      await endsAtMidnight(page, midnight);
    });
  });
}

for (const days of [-400, 400]) {
  test(`a phone whose clock is ${days} days off turns the day with Shanghai`, async ({ openAs, page }) => {
    await controlClocks(page, days * 86_400_000);
    const midnight = await endingOn(page, "2027-12-31");
    await openAs("ending");
    await endsAtMidnight(page, midnight);
  });
}
