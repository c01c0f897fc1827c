import base from "./playwright.config.ts";
export default { ...base, testDir: ".", testMatch: "look.tmp.ts", use: { ...base.use, deviceScaleFactor: 1 } };
