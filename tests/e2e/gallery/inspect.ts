// Checks that run inside a scene's document. Each returns its findings, one line each.

/** Finds text that is cut off, or outside the screen and not reachable by scrolling. */
export function lostText(): string[] {
  const found: string[] = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    found.push(`scrolls to the side: ${document.documentElement.scrollWidth} px in ${width}`);
  }
  const said = (text: string) => `"${text.trim().slice(0, 24)}"`;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent ?? "";
    const parent = node.parentElement;
    if (!text.trim() || !parent || parent.closest(".visually-hidden, option, style, script, noscript")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, right: end, top, bottom, width: length } of range.getClientRects()) {
      if (length === 0) continue;
      let right = end;
      let [scrolls, scrollsDown] = [false, false];
      for (let box: Element | null = parent; box && !scrolls; box = box.parentElement) {
        const style = getComputedStyle(box);
        const bounds = box.getBoundingClientRect();
        scrolls = /auto|scroll/.test(style.overflowX) && box.scrollWidth > box.clientWidth + 1 && !box.matches("dialog");
        scrollsDown ||= /auto|scroll/.test(style.overflowY) && box.scrollHeight > box.clientHeight + 1;
        // A text that ends in an ellipsis says that there is more. Its sheet has the whole.
        if (style.textOverflow === "ellipsis" && style.whiteSpace === "nowrap") right = Math.min(right, bounds.right);
        const cuts = /hidden|clip/.test(`${style.overflowX}${style.overflowY}`) && box !== document.body;
        const outside = right > bounds.right + 2 || left < bounds.left - 2 || (!scrollsDown && (bottom > bounds.bottom + 4 || top < bounds.top - 4));
        if (cuts && outside) found.push(`${said(text)} is cut off by ${box.className || box.tagName}`);
      }
      if (!scrolls && (right > width + 1 || left < -1)) found.push(`${said(text)} lies beside the screen`);
    }
  }
  return [...new Set(found)];
}

/** Finds targets that are too small: under 44 px for primary actions, under 24 px for all others. */
export function smallTargets(): string[] {
  const found: string[] = [];
  const primary = ".button, .chip, .sheet__close, .shop-row__button, .refund-banner__head, .ledger__head, .payoff__more, input";
  const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  for (const target of scope.querySelectorAll<HTMLElement>("a[href], button, input, select, summary")) {
    const shown = target.checkVisibility?.({ visibilityProperty: true }) ?? true;
    if (!shown || target.closest(".visually-hidden")) continue;
    target.scrollIntoView({ block: "center", inline: "center" });
    const field = target.closest("label") ?? target;
    const { left, top, width, height } = target.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    // How far from its middle the target is still hit. A hit on a field's label counts.
    const reach = (dx: number, dy: number) => {
      let far = 0;
      while (far < 40) {
        const hit = document.elementFromPoint(x + dx * (far + 1), y + dy * (far + 1));
        if (!hit || !(field.contains(hit) || hit.contains(target))) break;
        if (hit !== field && hit.contains(field) && hit !== target) break;
        far += 1;
      }
      return far;
    };
    const least = target.matches(primary) ? 44 : 24;
    const across = Math.max(width, reach(-1, 0) + reach(1, 0) + 1);
    const down = Math.max(height, reach(0, -1) + reach(0, 1) + 1);
    if (across < least - 0.5 || down < least - 0.5) {
      found.push(`${target.className || target.tagName} is ${Math.round(across)} × ${Math.round(down)} px, not ${least}`);
    }
  }
  return [...new Set(found)];
}

/** Lists running animations. */
export function motion(): string[] {
  const moves = (animation: Animation) =>
    animation.playState === "running" && Number(animation.effect?.getComputedTiming().duration ?? 0) > 0;
  return document.getAnimations().filter(moves).map((animation) => {
    const target = (animation.effect as KeyframeEffect | null)?.target;
    return `${target?.getAttribute("class") ?? "?"} moves`;
  });
}

/** Describes the focused element: its place in the document, and faults in how its focus is shown. */
export function focused(): { at: string; wrong: string[] } {
  const active = document.activeElement as HTMLElement | null;
  if (!active || active === document.body) return { at: "", wrong: [] };
  const all = [...document.querySelectorAll("*")];
  const name = `${active.tagName.toLowerCase()}.${active.getAttribute("class") ?? ""}`;
  const wrong: string[] = [];
  // The label around a field may show the outline instead.
  const outlined = [active, active.parentElement, active.parentElement?.parentElement].some((element) => {
    if (!element || (element !== active && !element.matches("label, :focus-within:not(body, main, section, div.sheet__body)"))) return false;
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
  });
  if (!outlined) wrong.push(`${name} has the focus and no outline`);
  const { left, top, right, bottom } = active.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x = 0, y = 0]) => [left + (right - left) * x, top + (bottom - top) * y] as const);
  const seen = points.some(([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit !== null && (active.contains(hit) || (active.closest("label")?.contains(hit) ?? false));
  });
  if (!seen) wrong.push(`${name} has the focus and is covered`);
  return { at: `${all.indexOf(active)} ${name}`, wrong };
}

/** Counts the elements that Tab should reach. */
export function stops(): number {
  const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  return [...scope.querySelectorAll<HTMLElement>("a[href], button:not(:disabled), input, select, summary")].filter(
    (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true,
  ).length;
}
