// Where a backend runs, trunk passes requests on to it. Scenes must not depend on it: they never send any.
import { expect, test } from "@playwright/test";
import { allScenes, open, show } from "./scenes.ts";

test("no scene asks a backend, and each scene of the whole page is the same with one", async ({ page }) => {
  const asked: string[] = [];
  await page.route("**/v1/**", (route) => {
    asked.push(route.request().url());
    const problem = { type: "/problems/unauthorized", title: "sign in", status: 401 };
    return route.fulfill({ status: 401, contentType: "application/problem+json", json: problem });
  });
  const scenes = (await allScenes(page)).filter(({ name }) => name.startsWith("page-"));
  expect(scenes.length).toBeGreaterThan(3);
  asked.length = 0;
  for (const { name } of scenes) {
    await open(page, name);
    expect(asked, name).toEqual([]);
  }
  await open(page, "page-active");
  await expect(page.getByTestId("member-status")).toHaveText("有效");
  for (const { name } of scenes) await show(page, name);
  expect(asked).toEqual([]);
});
