// Elements made by hand: text is text, wherever it comes from.
export const $ = (id) => document.getElementById(id);

export const make = (tag, { text, name, className, on, ...attributes } = {}, ...children) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (name !== undefined) {
    // a name from a file, which may run from right to left
    const inner = document.createElement("bdi");
    inner.textContent = name;
    made.append(inner);
  }
  if (className) made.className = className;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  for (const [event, act] of Object.entries(on ?? {})) made.addEventListener(event, act);
  made.append(...children.filter((one) => one !== null));
  return made;
};

let turn = 0;
// said to who does not see what has changed; the same words twice are said twice
export const say = (text) => {
  turn += 1;
  const place = $("said");
  if (place) place.textContent = text + (turn % 2 ? "" : "\u00a0");
};

export const notice = (...children) => {
  const place = $("notice");
  if (!place) return;
  place.replaceChildren(...children.map((one) => (typeof one === "string" ? make("span", { text: one }) : one)));
};

export const pressed = (id, is) => $(id)?.setAttribute("aria-pressed", String(is));
