// Keys: they rest in text fields and while a dialog is open, and a held key counts once.
import { $, make } from "./dom.js";

const isText = (element) =>
  element instanceof HTMLElement && (element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])"));

const nameOf = (event) => {
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isSign = event.key.length === 1 && event.key.toLowerCase() === event.key.toUpperCase() && event.key !== " ";
  // the shift by which a sign is written is no part of it
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.shiftKey && !isSign ? "Shift+" : ""}${key}`;
};

const STORE = "ostinato-keys";
export const areOn = () => localStorage.getItem(STORE) !== "off";

export const startKeys = (groups) => {
  const acts = new Map(groups.flatMap(({ keys }) => keys.flatMap(([names, , act]) => names.map((name) => [name, act]))));
  addEventListener("keydown", (event) => {
    if (event.altKey || event.isComposing || isText(event.target) || $("help")?.open) return;
    const name = nameOf(event);
    const act = acts.get(name);
    if (!act || (name !== "?" && !areOn())) return;
    // Enter and the space bar do what the button says that has the focus
    if (event.target instanceof HTMLElement && event.target.closest("button, a, summary") && (name === "Enter" || name === "Space")) {
      if (!(name === "Space" && event.target.closest("#rows"))) return;
    }
    event.preventDefault();
    if (!event.repeat) act(event);
  });
  // the button of a row would be pressed when the space bar is let go
  addEventListener("keyup", (event) => {
    if (event.key === " " && event.target instanceof HTMLElement && event.target.closest("#rows")) event.preventDefault();
  });
  list(groups);
  const on = $("keys-on");
  if (on) {
    on.checked = areOn();
    on.addEventListener("change", () => localStorage.setItem(STORE, on.checked ? "on" : "off"));
  }
  $("help-button")?.addEventListener("click", openHelp);
  $("help-close")?.addEventListener("click", () => $("help").close());
};

export const openHelp = () => $("help")?.showModal();

const shown = (name) => name.replace("Arrow", "").replace("Left", "←").replace("Right", "→").replace("PageUp", "Page up").replace("PageDown", "Page down")
  .replace(/(^|\+)([a-z])$/, (_, before, letter) => before + letter.toUpperCase());

const list = (groups) => {
  $("key-list")?.replaceChildren(...groups.map(({ title, keys }) => make("section", {}, make("h3", { text: title }),
    make("dl", { className: "keys" }, ...keys.flatMap(([names, words]) => [
      make("dt", {}, ...names.flatMap((name, i) => [...(i ? [" or "] : []), make("kbd", { text: shown(name) })])),
      make("dd", { text: words }),
    ])))));
};
