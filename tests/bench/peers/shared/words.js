// The texts of both peers, and their formats.
const money = new Intl.NumberFormat("zh-CN", { style: "currency", currency: "CNY" });
const day = new Intl.DateTimeFormat("zh-CN", { dateStyle: "long", timeZone: "Asia/Shanghai" });
const CITIES = { shanghai: "上海", hangzhou: "杭州", guangzhou: "广州" };

export const yuan = (fen) => money.format(fen / 100);
export const validity = (card) => `有效期至 ${day.format(new Date(`${card.validUntil}T12:00:00+08:00`))} · ${card.cities.map((city) => CITIES[city]).join(" ")}`;
export const status = (card) => ({ active: "有效", "not-yet-valid": "未生效", ended: "已结束" })[card.state] ?? "";
export const discount = (shop) => `${(1000 - shop.discountPermille) / 100} 折`;
export const grouped = (digits) => digits.replace(/(\d{4})(?=\d)/g, "$1 ");
export const SKELETON = 4;
