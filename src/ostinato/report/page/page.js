"use strict";
// Sorting and copying: the page says the same without them.
const button = (text, className, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.className = className;
  made.addEventListener("click", () => act(made));
  return made;
};

const copyButton = (text) =>
  button("Copy", "copy", async (pressed) => {
    try {
      await navigator.clipboard.writeText(text());
      pressed.textContent = "Copied";
    } catch {
      pressed.textContent = "Select the text and copy it by hand";
    }
    setTimeout(() => { pressed.textContent = "Copy"; }, 2000);
  });

// "0:01:20" is 80, "−3.0" is -3, "2 min 12 s" stays text
const value = (text) => {
  if (/^\d+(:\d\d)+$/.test(text)) return text.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
  const plain = text.replace("−", "-").replace(/^≤ /, "").replaceAll(",", "");
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : text.toLowerCase();
};
const compared = (a, b) => (typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === "number" ? -1 : 1);

for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const sort = () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows].map((row) => [value(row.cells[column].textContent.trim()), row]);
      rows.sort((a, b) => compared(a[0], b[0]) * (down ? -1 : 1));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    };
    const title = head.textContent;
    head.textContent = "";
    head.append(button(title, "", sort));
  });
  const lines = () => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join("\t"));
  table.parentElement.after(copyButton(() => lines().join("\n")));
}
for (const one of document.querySelectorAll(".copyable")) one.after(copyButton(() => one.textContent.trim()));

// a link may lead to a row of a table that is folded
const unfold = () => {
  const row = location.hash && document.getElementById(location.hash.slice(1));
  const folded = row && row.closest("details");
  if (folded && !folded.open) { folded.open = true; row.scrollIntoView(); }
};
addEventListener("hashchange", unfold);
unfold();
