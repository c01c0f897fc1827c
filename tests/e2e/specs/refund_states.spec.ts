// Every state of card and refund, in light and dark and in two languages: its words, its width, and a picture.
import { expect, test } from "../support/test.ts";

const PERSONAS = {
  ending: { state: "ending", stops: "current current ahead ahead", zh: "无需操作", en: "Nothing to do" },
  "refund-scheduled": { state: "scheduled", stops: "done current ahead ahead", zh: "现在无需操作", en: "Nothing to do now" },
  "refund-processing": { state: "processing", stops: "done done current ahead", zh: "现在无需操作", en: "Nothing to do now" },
  "refund-succeeded": { state: "succeeded", stops: "done done done done", zh: "已到账", en: "paid out" },
  "refund-abnormal": { state: "abnormal", stops: "done done done stuck", zh: "没退成", en: "did not go through" },
  "refund-closed": { state: "closed", stops: "done done done closed", zh: "还没有退", en: "has not been paid" },
} as const;
const NEED_THE_MEMBER = ["abnormal", "closed"];
const WAITING = ["ending", "scheduled", "processing"];

for (const colorScheme of ["light", "dark"] as const) {
  for (const [locale, language] of [["zh-CN", "zh"], ["en-GB", "en"]] as const) {
    test.describe(`${colorScheme}, ${locale}`, () => {
      test.use({ colorScheme, locale });

      for (const [persona, { state, stops, ...words }] of Object.entries(PERSONAS)) {
        test(`${persona} is told, fits, and opens to timeline and announcement`, async ({ openAs }) => {
          const page = await openAs(persona);
          const banner = page.getByTestId("refund-banner");
          await expect(banner).toHaveAttribute("data-state", state);
          await expect(banner).toContainText(words[language]);
          const drawn = banner.locator("[data-stop]");
          const states = await drawn.evaluateAll((all) => all.map((stop) => stop.getAttribute("data-stop")));
          expect(states.join(" ")).toBe(stops);
          await expect(page.getByTestId("refund-changed")).toBeEmpty();
          await page.screenshot({ path: test.info().outputPath("closed.png"), scale: "css" });

          await banner.locator("[aria-expanded]").click();
          await expect(page.getByTestId("refund-timeline")).toBeVisible();
          await expect(page.getByTestId("announcement")).toContainText(language === "zh" ? "各位会员" : "Dear members");
          const waits = WAITING.includes(state);
          const nothingToDo = language === "zh" ? "无需操作" : "Nothing to do";
          const estimate = language === "zh" ? "微信支付的估计" : "WeChat Pay's estimate";
          for (const said of [nothingToDo, estimate]) {
            await (waits ? expect(banner).toContainText(said) : expect(banner).not.toContainText(said));
          }
          const step = page.getByTestId("refund-next-step");
          await expect(step).toHaveCount(NEED_THE_MEMBER.includes(state) ? 1 : 0);
          if (NEED_THE_MEMBER.includes(state)) await expect(step).toHaveAttribute("href", /^https:/);
          await expect(page.getByTestId("refund-dismiss")).toHaveCount(state === "succeeded" ? 1 : 0);

          for (const width of [320, 390, 768]) {
            await page.setViewportSize({ width, height: 844 });
            const sticksOut = await page.evaluate(() => {
              const root = document.documentElement;
              const banner = document.querySelector("[data-testid=refund-banner]") as HTMLElement;
              const edge = banner.getBoundingClientRect();
              const parts = [...banner.querySelectorAll("*")].filter((part) => {
                const box = part.getBoundingClientRect();
                return box.left < edge.left - 1 || box.right > edge.right + 1;
              });
              return [root.scrollWidth - root.clientWidth, parts.map((part) => part.className)];
            });
            expect(sticksOut, `at ${width}`).toEqual([0, []]);
          }
          await page.setViewportSize({ width: 390, height: 844 });
          await page.screenshot({ path: test.info().outputPath("open.png"), fullPage: true, scale: "css" });
        });
      }
    });
  }
}

test("an arrived refund's banner is put away and stays away", async ({ openAs, page }) => {
  await openAs("refund-succeeded");
  await page.getByTestId("refund-dismiss").click();
  await expect(page.getByTestId("refund-banner")).toHaveCount(0);
  await page.reload();
  await expect(page.getByTestId("member-status")).toHaveText("已结束");
  await expect(page.getByTestId("refund-banner")).toHaveCount(0);
});
