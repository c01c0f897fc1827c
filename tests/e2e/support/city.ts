// A generated city with any number of shops, for tests at the size of a real city. All runs get the same shops.
const CATEGORIES = ["coffee", "tea", "snacks", "restaurant", "bakery", "bar", "books", "show", "exhibition", "craft", "sport", "lifestyle"];
const DISTRICTS = ["徐汇区", "静安区", "黄浦区", "长宁区", "普陀区", "虹口区", "杨浦区", "浦东新区", "闵行区", "宝山区"];
const FIRST = ["梧桐", "老灶", "檐下", "慢页", "麦屿", "声波", "夜航", "云上", "巷口", "南风", "半日", "青石"];
const SECOND = ["小吃铺", "手冲", "面馆", "书房", "茶舍", "面包房", "小馆", "剧场", "杂货", "工坊"];

/** Pseudo-random numbers from 0 to below 1 (Mulberry32), the same in every run. */
function numbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A CSV of `count` shops in Shanghai, dense in the middle and sparse at the edges. */
export function city(count: number): string {
  const next = numbers(7);
  const pick = (from: string[]) => from[Math.floor(next() * from.length)] ?? "";
  const offset = () => (next() + next() + next() - 1.5) / 6;
  const rows = Array.from({ length: count }, (_, index) => {
    const name = `${pick(FIRST)}${pick(SECOND)}${index}`;
    const place = `${(121.46 + offset()).toFixed(6)},${(31.22 + offset()).toFixed(6)},wgs84`;
    const hours = `Mo-Su ${String(7 + (index % 5)).padStart(2, "0")}:00-${18 + (index % 5)}:00`;
    const reason = index % 3 === 0 ? `${index % 90} 篇笔记提到,2026-${10 + (index % 2)}-0${1 + (index % 9)}` : ",";
    return `big-${index},${name},${pick(CATEGORIES)},shanghai,${place},${pick(DISTRICTS)},安福路 ${index} 号,${2_000 + (index % 200) * 100},${hours},${reason}`;
  });
  const header = "id,name,category,city,lng,lat,coord_system,district,address,price_per_person_fen,opening_hours,curated_reason,curated_on";
  return `${header}\n${rows.join("\n")}\n`;
}
