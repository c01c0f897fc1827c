// The element a page is mounted in, and the notices shown before the page exists.
const STYLES = new URL("./member-page.css", import.meta.url).href;

// The wait for the code before the member sees a failure notice.
const PATIENCE = 10_000;

/** The container of one page: a shadow tree with the page's styles. */
export class Frame {
  #timer;

  constructor(element) {
    this.host = document.createElement("div");
    this.host.dataset.memberPage = "";
    this.tree = this.host.attachShadow({ mode: "open" });
    this.root = document.createElement("div");
    const styles = document.createElement("link");
    styles.rel = "stylesheet";
    this.styled = new Promise((done) => {
      styles.onload = done;
      // Without its styles the page still works and shows all its texts.
      styles.onerror = () => {
        this.tellError({ kind: "styles-failed", message: "the page's stylesheet could not be loaded" });
        done();
      };
    });
    styles.href = STYLES;
    this.tree.append(styles, this.root);
    element.append(this.host);
  }

  /** Shows that the page is loading, and after a while that it failed. */
  expect(retry) {
    const notice = line("p", "正在打开会员卡… Opening your card…");
    notice.setAttribute("role", "status");
    this.#say(notice);
    this.#timer = setTimeout(() => this.tellFailure(retry), PATIENCE);
  }

  /** Clears and returns the page's element for mounting. */
  empty() {
    clearTimeout(this.#timer);
    this.root.replaceChildren();
    return this.root;
  }

  /** Shows a notice before the page exists. Styled inline, because the page's styles may be missing. */
  #say(notice) {
    Object.assign(notice.style, { font: "15px/1.5 system-ui, sans-serif", margin: 0, padding: "16px" });
    this.empty().append(notice);
  }

  /** Shows in both languages that the page could not be opened. The member's language is not known yet. */
  tellFailure(retry) {
    const chinese = line("p", "会员卡没能打开，请再试一次。");
    const english = line("p", "Your member card could not be opened. Please try again.", "en");
    const button = line("button", "重试 / Try again");
    button.type = "button";
    button.className = "button";
    button.onclick = retry;
    const notice = document.createElement("div");
    notice.setAttribute("role", "alert");
    notice.append(chinese, english, button);
    this.#say(notice);
  }

  tellError(detail) {
    dispatchError(this.root, detail);
  }

  remove() {
    clearTimeout(this.#timer);
    this.host.remove();
  }
}

function line(name, text, lang = "zh-Hans") {
  const element = document.createElement(name);
  element.lang = lang;
  element.textContent = text;
  return element;
}

export function dispatchError(target, detail) {
  target.dispatchEvent(new CustomEvent("error", { detail, bubbles: true, composed: true }));
}
