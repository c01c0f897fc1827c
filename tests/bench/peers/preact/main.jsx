// The page in Preact, with hooks instead of signals, since most Preact users start with hooks. The list is
// TanStack's.
import { render } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { device, member, now, rotate } from "../shared/member.js";
import { symbol } from "../shared/qr.js";
import { CATEGORIES, shops } from "../shared/shops.js";
import { discount, grouped, status, validity, yuan } from "../shared/words.js";

function Card({ me, onCode }) {
  const { card, payoff, programme, member } = me;
  return (
    <section class="member-card" data-testid="member-card" aria-label={programme.name}>
      <header class="member-card__head">
        <h1 class="member-card__product">{programme.name}</h1>
        <p class="member-card__status" data-testid="member-status">{status(card)}</p>
      </header>
      <p class="member-card__name">{member.nameMasked}</p>
      <p class="member-card__number">{card.numberMasked}</p>
      <p class="member-card__line">{validity(card)}</p>
      <p class="member-card__line" data-testid="payoff">已省 {yuan(payoff.savedFen)}，卡价 {yuan(card.paidFen)}</p>
      <button class="button button--card" type="button" data-testid="code-open" onClick={onCode}>出示会员码</button>
    </section>
  );
}

function Countdown({ period }) {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const tick = () => setLeft(Math.ceil((period - (now() % period)) / 1000));
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [period]);
  return <p class="code-countdown" data-testid="code-countdown">{left} 秒后更新 · 每个码只能用一次</p>;
}

function CodeSheet({ onClose }) {
  const dialog = useRef(null);
  const [code, setCode] = useState(null);
  const [own, setOwn] = useState(null);
  useEffect(() => {
    dialog.current.showModal();
    let stop;
    let gone = false;
    device().then((own) => {
      if (gone) return;
      setOwn(own);
      stop = rotate(own, (code) => setCode({ ...code, ...symbol(code.payload) }));
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, []);
  return (
    <dialog ref={dialog} class="sheet" data-testid="code-sheet" onCancel={onClose}>
      <div class="sheet__body" tabindex={-1}>
        <button class="sheet__close" type="button" aria-label="关闭" onClick={onClose}>×</button>
        <h2>会员码</h2>
        <div class="code-panel">
          <div class="code-panel__qr" data-testid="code-qr">
            <svg role="img" aria-label="二维码" viewBox={`0 0 ${code?.modules ?? 0} ${code?.modules ?? 0}`} shape-rendering="crispEdges">
              <path d={code?.path ?? ""} />
            </svg>
          </div>
        </div>
        <p class="code-digits" data-testid="code-digits">{code ? grouped(code.digits) : ""}</p>
        {own && <Countdown period={own.period} />}
      </div>
    </dialog>
  );
}

function List() {
  const [rows, setRows] = useState([]);
  const [wanted, setWanted] = useState({});
  const list = useMemo(() => shops(setRows), []);
  const change = (part) => {
    setWanted((wanted) => ({ ...wanted, ...part }));
    list.want(part);
  };
  const box = useRef(null);
  const virtual = useWindowVirtualizer({ count: rows.length, estimateSize: () => 104, overscan: 8, scrollMargin: box.current?.offsetTop ?? 0 });
  const items = virtual.getVirtualItems();
  const end = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && end > rows.length - 25) list.more();
  }, [end, rows.length]);
  const chip = (label, pressed, onClick) => <button class="chip" type="button" aria-pressed={String(pressed)} onClick={onClick}>{label}</button>;
  return (
    <section class="nearby-shops">
      <header class="nearby-shops__head"><h2 class="nearby-shops__title">附近精选</h2></header>
      <div class="shop-filters" role="search">
        <label class="shop-filters__search">
          <input type="search" data-testid="shop-search" placeholder="搜索" onInput={(event) => change({ text: event.currentTarget.value })} />
        </label>
        <div class="shop-filters__chips">
          {chip("营业中", !!wanted.openNow, () => change({ openNow: !wanted.openNow }))}
          {Object.entries(CATEGORIES).map(([name, label]) => chip(label, wanted.category === name, () => change({ category: wanted.category === name ? undefined : name })))}
        </div>
      </div>
      <div class="nearby-shops__list" data-testid="shop-list" role="list" ref={box} style={{ height: `${virtual.getTotalSize()}px`, position: "relative" }}>
        {items.map(({ index, key, start }) => {
          const shop = rows[index];
          return (
            <div key={key} data-index={index} ref={virtual.measureElement} role="listitem" style={{ position: "absolute", top: 0, width: "100%", transform: `translateY(${start - virtual.options.scrollMargin}px)` }}>
              <div class="shop-row" data-testid="shop-row" data-shop-id={shop.id}>
                <button class="shop-row__button" type="button">
                  <span class="shop-row__name">{shop.name}</span>
                  <span class="shop-row__discount">{discount(shop)}</span>
                  <span class="shop-row__about">{CATEGORIES[shop.category]} · {shop.district} · {shop.pricePerPersonFen ? `${yuan(shop.pricePerPersonFen)}/人` : ""}</span>
                  <span class="shop-row__why">{shop.curation && <><span class="badge">精选</span> {shop.curation.reason}</>}</span>
                </button>
              </div>
            </div>
          );
        })}
      </div>
    </section>
  );
}

function Page() {
  const [me, setMe] = useState(null);
  const [open, setOpen] = useState(location.hash === "#code");
  useEffect(() => void member(setMe).catch(console.error), []);
  return (
    <>
      <main class="page">
        <div class="page__card">{me ? <Card me={me} onCode={() => setOpen(true)} /> : <section class="member-card member-card--loading" />}</div>
        <div class="page__list"><List /></div>
      </main>
      {open && <CodeSheet onClose={() => setOpen(false)} />}
    </>
  );
}

const root = document.getElementById("member-page");
root.textContent = "";
render(<Page />, root);
