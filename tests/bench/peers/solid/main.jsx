// The page in Solid, with fine-grained updates and compiled templates. The list is TanStack's.
import { For, Show, createEffect, createMemo, createSignal, onCleanup, onMount } from "solid-js";
import { render } from "solid-js/web";
import { createWindowVirtualizer } from "@tanstack/solid-virtual";
import { device, member, now, rotate } from "../shared/member.js";
import { symbol } from "../shared/qr.js";
import { CATEGORIES, shops } from "../shared/shops.js";
import { discount, grouped, status, validity, yuan } from "../shared/words.js";

function Card(props) {
  return (
    <section class="member-card" data-testid="member-card" aria-label={props.me.programme.name}>
      <header class="member-card__head">
        <h1 class="member-card__product">{props.me.programme.name}</h1>
        <p class="member-card__status" data-testid="member-status">{status(props.me.card)}</p>
      </header>
      <p class="member-card__name">{props.me.member.nameMasked}</p>
      <p class="member-card__number">{props.me.card.numberMasked}</p>
      <p class="member-card__line">{validity(props.me.card)}</p>
      <p class="member-card__line" data-testid="payoff">已省 {yuan(props.me.payoff.savedFen)}，卡价 {yuan(props.me.card.paidFen)}</p>
      <button class="button button--card" type="button" data-testid="code-open" onClick={props.onCode}>出示会员码</button>
    </section>
  );
}

function Countdown(props) {
  const left = () => Math.ceil((props.period - (now() % props.period)) / 1000);
  const [seconds, setSeconds] = createSignal(left());
  const timer = setInterval(() => setSeconds(left()), 1000);
  onCleanup(() => clearInterval(timer));
  return <p class="code-countdown" data-testid="code-countdown">{seconds()} 秒后更新 · 每个码只能用一次</p>;
}

function CodeSheet(props) {
  let dialog;
  const [code, setCode] = createSignal(null);
  const [own, setOwn] = createSignal(null);
  let stop;
  let gone = false;
  onMount(() => {
    dialog.showModal();
    device().then((own) => {
      if (gone) return;
      setOwn(own);
      stop = rotate(own, (code) => setCode({ ...code, ...symbol(code.payload) }));
    });
  });
  onCleanup(() => {
    gone = true;
    stop?.();
  });
  return (
    <dialog ref={dialog} class="sheet" data-testid="code-sheet" onCancel={props.onClose}>
      <div class="sheet__body" tabindex={-1}>
        <button class="sheet__close" type="button" aria-label="关闭" onClick={props.onClose}>×</button>
        <h2>会员码</h2>
        <div class="code-panel">
          <div class="code-panel__qr" data-testid="code-qr">
            <svg role="img" aria-label="二维码" viewBox={`0 0 ${code()?.modules ?? 0} ${code()?.modules ?? 0}`} shape-rendering="crispEdges">
              <path d={code()?.path ?? ""} />
            </svg>
          </div>
        </div>
        <p class="code-digits" data-testid="code-digits">{code() ? grouped(code().digits) : ""}</p>
        <Show when={own()}><Countdown period={own().period} /></Show>
      </div>
    </dialog>
  );
}

function Chip(props) {
  return <button class="chip" type="button" aria-pressed={String(props.pressed)} onClick={props.onClick}>{props.children}</button>;
}

function List() {
  const [rows, setRows] = createSignal([]);
  const [wanted, setWanted] = createSignal({});
  const list = shops(setRows);
  const change = (part) => {
    setWanted({ ...wanted(), ...part });
    list.want(part);
  };
  let box;
  const [margin, setMargin] = createSignal(0);
  onMount(() => setMargin(box.offsetTop));
  const virtual = createWindowVirtualizer({
    get count() {
      return rows().length;
    },
    get scrollMargin() {
      return margin();
    },
    estimateSize: () => 104,
    overscan: 8,
  });
  const end = createMemo(() => virtual.getVirtualItems().at(-1)?.index ?? 0);
  createEffect(() => {
    if (rows().length > 0 && end() > rows().length - 25) list.more();
  });
  return (
    <section class="nearby-shops">
      <header class="nearby-shops__head"><h2 class="nearby-shops__title">附近精选</h2></header>
      <div class="shop-filters" role="search">
        <label class="shop-filters__search">
          <input type="search" data-testid="shop-search" placeholder="搜索" onInput={(event) => change({ text: event.currentTarget.value })} />
        </label>
        <div class="shop-filters__chips">
          <Chip pressed={!!wanted().openNow} onClick={() => change({ openNow: !wanted().openNow })}>营业中</Chip>
          <For each={Object.entries(CATEGORIES)}>
            {([name, label]) => <Chip pressed={wanted().category === name} onClick={() => change({ category: wanted().category === name ? undefined : name })}>{label}</Chip>}
          </For>
        </div>
      </div>
      <div class="nearby-shops__list" data-testid="shop-list" role="list" ref={box} style={{ height: `${virtual.getTotalSize()}px`, position: "relative" }}>
        <For each={virtual.getVirtualItems()}>
          {(item) => {
            const shop = () => rows()[item.index];
            return (
              <div data-index={item.index} ref={(element) => queueMicrotask(() => virtual.measureElement(element))} role="listitem" style={{ position: "absolute", top: 0, width: "100%", transform: `translateY(${item.start - margin()}px)` }}>
                <Show when={shop()}>
                  <div class="shop-row" data-testid="shop-row" data-shop-id={shop().id}>
                    <button class="shop-row__button" type="button">
                      <span class="shop-row__name">{shop().name}</span>
                      <span class="shop-row__discount">{discount(shop())}</span>
                      <span class="shop-row__about">{CATEGORIES[shop().category]} · {shop().district} · {shop().pricePerPersonFen ? `${yuan(shop().pricePerPersonFen)}/人` : ""}</span>
                      <span class="shop-row__why"><Show when={shop().curation}><span class="badge">精选</span> {shop().curation.reason}</Show></span>
                    </button>
                  </div>
                </Show>
              </div>
            );
          }}
        </For>
      </div>
    </section>
  );
}

function Page() {
  const [me, setMe] = createSignal(null);
  const [open, setOpen] = createSignal(location.hash === "#code");
  member(setMe).catch(console.error);
  return (
    <>
      <main class="page">
        <div class="page__card">
          <Show when={me()} fallback={<section class="member-card member-card--loading" />}>
            <Card me={me()} onCode={() => setOpen(true)} />
          </Show>
        </div>
        <div class="page__list"><List /></div>
      </main>
      <Show when={open()}><CodeSheet onClose={() => setOpen(false)} /></Show>
    </>
  );
}

const root = document.getElementById("member-page");
root.textContent = "";
render(() => <Page />, root);
