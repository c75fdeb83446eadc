// What was done so far, and what came of it.
import * as acts from "./acts.js";
import { desk } from "./desk.js";
import { $, make } from "./dom.js";

const MOST = 100;

export const listChanges = () => {
  const list = $("change-list");
  if (!list || !desk.data) return;
  const { changes } = desk.data;
  $("changes-note").textContent = changes.length ? `${changes.length} in all, the last one first.` : "None yet.";
  const focused = list.contains(document.activeElement);
  list.replaceChildren(...changes.slice(-MOST).reverse().map((one) => make("li", { className: one.undone ? "undone" : "" },
    make("span", { className: "when", text: one.when }), make("bdi", { text: one.words }),
    one.note ? make("em", { text: one.note }) : null,
    one.can_undo ? make("button", { type: "button", text: "Undo", "aria-label": `Undo: ${one.words}`, on: { click: () => acts.undo(one.sequence) } }) : null)));
  if (focused) (list.querySelector("button") ?? $("undo"))?.focus();
  $("undo").disabled = !desk.data.can_undo;
  $("redo").disabled = !desk.data.can_redo;
};

export const showFigures = ({ status, rows, why }) => {
  const table = $("figures");
  if (!table) return;
  const counted = rows.length === 1 ? "1 figure differs from the program's own." : `${rows.length} figures differ from the program's own.`;
  $("figures-note").textContent = { measuring: "Measuring again …", failed: `It could not be measured: ${why}` }[status] ?? (rows.length ? counted : "Nothing yet.");
  if (status !== "measured") return;
  table.hidden = rows.length === 0;
  table.tBodies[0].replaceChildren(...rows.map((row) => make("tr", {},
    make("th", { scope: "row", name: row.name }), make("td", { text: row.old ?? "–" }), make("td", { text: row.new ?? "–" }))));
};
