// The list: pages from the backend. While a request runs, cached shops are filtered.
import { keep, kept } from "./device.js";

export const CATEGORIES = { coffee: "咖啡", tea: "茶饮", snacks: "小吃", restaurant: "餐馆", bakery: "烘焙", bar: "小酒馆", books: "书店", show: "演出", exhibition: "展览", craft: "手作", sport: "运动", lifestyle: "好物" };

async function page({ text, category, openNow }, cursor) {
  const query = new URLSearchParams({ city: "shanghai", limit: "100", sort: "checked" });
  if (text) query.set("q", text);
  if (category) query.set("category", category);
  if (openNow) query.set("openNow", "true");
  if (cursor) query.set("cursor", cursor);
  const answer = await fetch(`/v1/shops?${query}`);
  if (!answer.ok) throw new Error(`/v1/shops: ${answer.status}`);
  return answer.json();
}

const plain = ({ text, category, openNow }) => !text && !category && !openNow;

/** A list of shops. Calls `show` with the visible shops whenever they change. */
export function shops(show) {
  let [wanted, all, found, cursor, asked] = [{}, kept("peer-shops") ?? [], null, undefined, 0];
  const passes = (shop) =>
    (!wanted.category || shop.category === wanted.category) &&
    (!wanted.openNow || shop.open?.state === "open") &&
    (!wanted.text || `${shop.name}${shop.district}${CATEGORIES[shop.category]}${shop.address}`.includes(wanted.text));
  const tell = () => show(plain(wanted) ? all : (found ?? all.filter(passes)));
  let busy = false;
  const more = async () => {
    if (busy || cursor === null) return;
    busy = true;
    const mine = asked;
    try {
      const { shops, nextCursor } = await page(wanted, cursor);
      if (mine !== asked) return;
      const before = cursor === undefined ? [] : plain(wanted) ? all : (found ?? []);
      const now = [...before, ...shops];
      cursor = nextCursor;
      if (plain(wanted)) {
        all = now;
        if (before.length === 0) keep("peer-shops", shops);
      } else found = now;
      tell();
    } finally {
      busy = false;
    }
  };
  let pause = 0;
  const want = (change) => {
    wanted = { ...wanted, ...change };
    [found, cursor] = [null, plain(wanted) ? cursor : undefined];
    asked++;
    busy = false;
    tell();
    clearTimeout(pause);
    if (!plain(wanted)) pause = setTimeout(more, 200);
  };
  tell();
  more();
  return { want, more };
}
