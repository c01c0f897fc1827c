// A host app. It mounts the card from the backend's origin, provides tokens, and listens to events.
import { eventNames, mount, type ErrorDetail, type Mounting, type Options } from "member-page";

const card = document.querySelector<HTMLElement>("#card")!;
const knobs = document.querySelector<HTMLFormElement>("#knobs")!;
const log = document.querySelector<HTMLElement>("#log")!;
const backend = document.body.dataset["backend"]!;

/** Stands for a request to the app's own backend, for the signed-in user. */
async function memberToken({ rejected }: { rejected: boolean }): Promise<string | null> {
  const persona = value("persona");
  if (persona === "") return null;
  const answer = await fetch(`/token?persona=${encodeURIComponent(persona)}&fresh=${rejected}`);
  if (!answer.ok) throw new Error(`the app's backend answered ${answer.status}`);
  return ((await answer.json()) as { token: string }).token;
}

function value(name: string): string {
  return new FormData(knobs).get(name)?.toString() ?? "";
}

const options: Options = {
  apiBase: backend,
  getToken: memberToken,
  locale: value("locale"),
  place: { lat: 31.2304, lng: 121.4737, coordSystem: "gcj02" },
};

let page: Mounting | null = mount(card, options);
page.catch((error: unknown) => write(`not mounted: ${String(error)}`));

for (const name of eventNames) {
  card.addEventListener(name, (event) => {
    const { detail } = event as CustomEvent<unknown>;
    write(detail === null ? name : `${name} ${JSON.stringify(detail)}`);
    if (name === "error" && (detail as ErrorDetail).kind === "load-failed") write("is the backend running?");
  });
}

function write(text: string): void {
  const line = document.createElement("li");
  line.textContent = text;
  log.prepend(line);
}

knobs.addEventListener("change", (event) => {
  const field = event.target as HTMLInputElement;
  if (field.name === "persona") page?.refresh();
  if (field.name === "locale") page?.update({ locale: field.value });
  if (field.name === "theme") page?.update({ theme: field.value as "light" | "dark" | "system" });
  if (field.name === "accent") page?.update({ tokens: { "card-top": field.value, "card-bottom": field.value, vermilion: field.value } });
});
knobs.addEventListener("click", (event) => {
  const { name } = event.target as HTMLButtonElement;
  if (name === "code") page?.update({ sheet: "code" });
  if (name === "back") write(`back: ${page?.back() ?? false}`);
  if (name === "unmount") {
    page?.unmount();
    page = null;
  }
});
