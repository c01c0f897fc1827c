// Open pages show an operator's announcement and a payment provider's report at once.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

// On this server no other file reports or announces.
test.use({ alone: "refund_live" });
// In order, on that server.
test.describe.configure({ mode: "default" });

async function refundId(page: Page): Promise<string> {
  const answer = await page.context().request.get("/v1/refund");
  return ((await answer.json()) as { id: string }).id;
}

test("the money's way is followed without a reload, said to screen readers, and put away at its end", async ({ openAs, page, server }) => {
  const connected = page.waitForResponse("**/v1/events");
  await openAs("refund-scheduled");
  await connected;
  const banner = page.getByTestId("refund-banner");
  const said = page.getByTestId("refund-changed");
  await expect(banner).toHaveAttribute("data-state", "scheduled");
  await expect(said).toBeEmpty();
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  const id = await refundId(page);
  const soon = { timeout: 3_000 };

  expect(await server.refundEvent(id, "abnormal")).toEqual({ outcome: "applied", state: "abnormal" });
  await expect(banner).toHaveAttribute("data-state", "abnormal", soon);
  await expect(said).toContainText("没退成");
  await expect(page.getByTestId("refund-next-step")).toHaveAttribute("href", "https://card.example/help");
  await expect(banner).not.toContainText("无需操作");

  // A late report of an earlier state. The state stays, and the timeline shows the report.
  await banner.locator("[aria-expanded]").click();
  await server.refundEvent(id, "processing", { occurredAt: Date.now() - 60_000, providerReference: "50300042" });
  await expect(page.getByTestId("refund-timeline")).toContainText("渠道已受理", soon);
  await expect(page.getByTestId("refund-timeline")).toContainText("50300042");
  await expect(banner).toHaveAttribute("data-state", "abnormal");

  // A report with another sum is held. The page does not say that money arrived.
  expect((await server.refundEvent(id, "succeeded", { amountFen: 16_799 })).outcome).toBe("held");
  await server.refundEvent(id, "processing");
  await expect(banner).toHaveAttribute("data-state", "processing", soon);
  await expect(banner).not.toContainText("已到账");

  await server.refundEvent(id, "succeeded");
  await expect(banner).toHaveAttribute("data-state", "succeeded", soon);
  await expect(said).toContainText("已到账");
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
  await page.getByTestId("refund-dismiss").click();
  await expect(banner).toHaveCount(0);
  await page.reload();
  await expect(page.getByTestId("member-status")).toHaveText("已结束");
  await expect(banner).toHaveCount(0);
  await page.getByTestId("savings-open").click();
  await expect(page.getByTestId("savings-refund")).toContainText("已到账");
  await expect(page.getByTestId("savings-refund")).toContainText(id);
});

test("an announced end appears on an open page, in full", async ({ openAs, page, server }) => {
  const connected = page.waitForResponse("**/v1/events");
  await openAs("active");
  await connected;
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  await expect(page.getByTestId("refund-banner")).toHaveCount(0);
  const folder = mkdtempSync(join(tmpdir(), "member-page-"));
  const text = "各位会员：\n\n<b>我们决定结束会员卡</b>，谢谢大家。";
  writeFileSync(join(folder, "zh.txt"), text);
  const lastDay = new Date(Date.now() + (8 + 3 * 24) * 3_600_000).toISOString().slice(0, 10);
  server.operator("programme", "announce-end", "--programme", "demo-running", "--last-day", lastDay, "--announcement", join(folder, "zh.txt"));
  const banner = page.getByTestId("refund-banner");
  await expect(banner).toHaveAttribute("data-state", "ending", { timeout: 3_000 });
  await expect(banner).toContainText("3 天");
  await expect(page.getByTestId("refund-changed")).not.toBeEmpty();
  await banner.locator("[aria-expanded]").click();
  await expect(page.getByTestId("announcement")).toContainText(text.slice(7));
  await expect(page.getByTestId("code-open")).toBeVisible();

  // The sum appears when the operator has started the refunds.
  expect(server.operator("refunds", "start", "--programme", "demo-running", "--estimate-working-days", "3")).toContain("168.00");
  await expect(banner).toContainText("¥168.00", { timeout: 3_000 });
  await expect(page.getByTestId("refund-timeline")).toContainText("已安排");
});
