// The table of what is in view: by it all can be done without the drawing.
import { desk } from "./desk.js";
import { $, make } from "./dom.js";
import { laneOf, nameOf, sentence, stateOf, timecode } from "./words.js";

const MOST = 250;
let waiting = null;

// at most one table in so many ms, and none while the view still moves
export const askTable = () => {
  clearTimeout(waiting);
  waiting = setTimeout(fill, 90);
};

const shownRows = () => {
  const rows = desk.inView();
  if (rows.length <= MOST) return { rows, of: rows.length };
  const middle = desk.selected ? Math.max(0, rows.indexOf(desk.selected)) : 0;
  const first = Math.max(0, Math.min(rows.length - MOST, middle - MOST / 2));
  return { rows: rows.slice(first, first + MOST), of: rows.length };
};

export const fill = () => {
  const body = $("rows")?.tBodies[0];
  if (!body || !desk.data) return;
  const focused = body.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const { rows, of } = shownRows();
  const { start, end } = desk.view;
  $("in-view-note").textContent = `${timecode(start, 1)} to ${timecode(end, 1)}: ` +
    (rows.length < of ? `${rows.length} of ${of} rows around the selected one; zoom in for fewer.` : `${of} ${of === 1 ? "row" : "rows"}.`);
  const tabStop = rows.includes(desk.selected) ? desk.selected : rows[0];
  body.replaceChildren(...rows.map((row) => line(row, row === tabStop)));
  if (focused !== null) (body.querySelector(`button[data-id="${CSS.escape(focused)}"]`) ?? body.querySelector("button[tabindex='0']"))?.focus({ preventScroll: true });
};

const line = (row, isTabStop) => {
  const is = row === desk.selected;
  const button = make("button", {
    type: "button", text: timecode(row.start), "data-id": row.id, tabindex: isTabStop ? "0" : "-1",
    "aria-label": `${sentence(desk.data, row)}${is ? ", selected" : ""}`, "aria-current": is ? "true" : null,
  });
  return make("tr", { className: is ? "selected" : "", "data-id": row.id },
    make("td", {}, button),
    make("td", { text: timecode(row.end) }),
    make("td", { name: laneOf(desk.data, row) }),
    make("td", { name: nameOf(desk.data, row) }),
    make("td", { text: [stateOf(row), row.marked ? "marked" : ""].filter(Boolean).join(", ") }));
};

// arrows walk through the rows, which are one stop of the Tab key
export const startTable = ({ choose, mark }) => {
  const table = $("rows");
  table.addEventListener("click", (event) => {
    const row = desk.byId.get(event.target.closest("tr[data-id]")?.dataset.id);
    if (row && (event.ctrlKey || event.metaKey)) mark(row);
    else if (row) choose(row, { focus: true });
  });
  table.addEventListener("keydown", (event) => {
    const buttons = [...table.querySelectorAll("button[data-id]")];
    const index = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (index < 0 || to === undefined || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = buttons[Math.max(0, Math.min(buttons.length - 1, to))];
    buttons[index].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
};

// mark the selected row without writing all rows anew
export const markSelected = () => {
  const body = $("rows")?.tBodies[0];
  if (!body) return;
  const own = desk.selected && body.querySelector(`tr[data-id="${CSS.escape(desk.selected.id)}"]`);
  if (desk.selected && !own) {
    askTable();
    return;
  }
  for (const row of body.querySelectorAll("tr.selected")) {
    row.classList.remove("selected");
    const button = row.querySelector("button");
    button.removeAttribute("aria-current");
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/, selected$/, ""));
  }
  if (!own) return;
  own.classList.add("selected");
  const button = own.querySelector("button");
  for (const other of body.querySelectorAll("button[tabindex='0']")) other.tabIndex = -1;
  button.tabIndex = 0;
  button.setAttribute("aria-current", "true");
  button.setAttribute("aria-label", `${sentence(desk.data, desk.selected)}, selected`);
  const box = own.closest(".wide");
  const top = own.offsetTop - box.clientHeight / 2;
  if (own.offsetTop < box.scrollTop || own.offsetTop > box.scrollTop + box.clientHeight - 30) box.scrollTop = top;
};
