// What is looked at: the rows, the one that is selected, the view, and the place in the film.
import { laneOf } from "./words.js";

const LEAST_VIEW_S = 0.01;

export const desk = {
  data: null, selected: null, range: null, marked: new Set(), view: { start: 0, end: 1 }, at: 0, autoplay: true, through: "all",
  listeners: [],

  on(act) { this.listeners.push(act); },
  tell(...what) { for (const act of this.listeners) act(new Set(what)); },

  take(data) {
    const isFirst = this.data === null;
    this.data = data;
    this.byId = new Map(data.rows.map((row) => [row.id, row]));
    if (isFirst) this.view = { start: 0, end: data.film.duration_s };
    this.selected = this.selected ? this.same(this.selected) : null;
    this.marked = new Set([...this.marked].filter((id) => this.byId.has(id)));
    for (const id of this.marked) this.byId.get(id).marked = true;
    this.tell("data", "selection", "view");
  },

  // the row that stands for one of before: by its name, or by the film that both cover; scenes are
  // numbered anew
  same(row) {
    const known = row.what === "scene" ? null : this.byId.get(row.id);
    if (known) return known;
    const shared = (other) => Math.min(row.end, other.end) - Math.max(row.start, other.start);
    const near = this.data.rows.filter((other) => other.what === row.what && shared(other) > 0
      && (row.what !== "scene" || 2 * shared(other) > Math.max(row.end - row.start, other.end - other.start)));
    near.sort((a, b) => shared(b) - shared(a));
    return near[0] ?? null;
  },

  select(row, { range = null } = {}) {
    this.selected = row;
    this.range = range;
    if (row) this.at = row.start;
    this.tell("selection", "at");
  },
  selectRange(start, end) {
    this.selected = null;
    this.range = { start: Math.max(0, Math.min(start, end)), end: Math.min(this.data.film.duration_s, Math.max(start, end)) };
    this.tell("selection");
  },
  // an edge of a stretch, where the playhead is
  markEdge(edge) {
    const { at } = this;
    const length = this.data.film.duration_s;
    const { start, end } = this.range ?? { start: Math.max(0, at - 5), end: Math.min(length, at + 5) };
    if (edge === "start") this.selectRange(at, end > at ? end : Math.min(length, at + 5));
    else this.selectRange(start < at ? start : Math.max(0, at - 5), at);
  },
  // several rows of one kind, for what is done to more than one
  mark(row) {
    row.marked = !row.marked;
    if (row.marked) this.marked.add(row.id);
    else this.marked.delete(row.id);
    this.tell("marks");
  },
  get markedRows() { return [...this.marked].map((id) => this.byId.get(id)).sort((a, b) => a.start - b.start); },
  // what is marked and like a row, with this row itself
  markedWith(row) { return this.markedRows.filter((one) => one !== row && one.what === row.what).concat(row).sort((a, b) => a.start - b.start); },
  get stretch() { return this.range ?? this.selected; },

  goTo(time) {
    this.at = Math.min(this.data.film.duration_s, Math.max(0, time));
    this.tell("at");
  },
  show(start, end) {
    const length = this.data.film.duration_s;
    const span = Math.min(length, Math.max(LEAST_VIEW_S, end - start));
    const first = Math.min(Math.max(0, start), length - span);
    this.view = { start: first, end: first + span };
    this.tell("view");
  },
  zoom(factor, around = null) {
    const { start, end } = this.view;
    const middle = around ?? (this.at >= start && this.at <= end ? this.at : (start + end) / 2);
    const span = (end - start) * factor;
    const share = (middle - start) / (end - start);
    this.show(middle - share * span, middle + (1 - share) * span);
  },
  pan(shares) {
    const { start, end } = this.view;
    this.show(start + shares * (end - start), end + shares * (end - start));
  },
  // into view with what is around it, without a jump where it is in view already
  reveal({ start, end }) {
    const span = this.view.end - this.view.start;
    if (start >= this.view.start && end <= this.view.end && end - start > span / 400) return;
    const wide = Math.max(Math.min(span, Math.max(20, (end - start) * 8)), (end - start) * 1.4);
    const middle = (start + end) / 2;
    this.show(middle - wide / 2, middle + wide / 2);
  },

  // the rows that one steps through
  get steps() {
    return this.data.rows.filter((row) => this.isStep(row));
  },
  isStep(row) {
    if (this.through === "all") return ["occurrence", "speech", "candidate"].includes(row.what);
    if (this.through === "to review") {
      return (row.what === "occurrence" && !row.review) || (row.what === "speech" && row.kind === "undetermined");
    }
    if (this.through.startsWith("song:")) return row.what === "occurrence" && row.song === this.through.slice(5);
    return ["occurrence", "rejected", "candidate", "singing", "scene", "speech"].includes(this.through)
      ? row.what === this.through : laneOf(this.data, row) === this.through && row.what === "speech";
  },
  neighbour(direction) {
    const { steps } = this;
    if (!steps.length) return null;
    const index = this.selected ? steps.indexOf(this.selected) : -1;
    if (index >= 0) return steps[index + direction] ?? null;
    const { at } = this;
    if (direction > 0) return steps.find((row) => row.start >= at) ?? null;
    return steps.filter((row) => row.start < at).at(-1) ?? null;
  },
  // the one that follows in the same lane, with which it may be joined
  following(row) {
    const alike = this.data.rows.filter((other) => other.what === row.what && (row.song === undefined || other.song === row.song));
    return alike[alike.indexOf(row) + 1] ?? null;
  },
  inView() {
    const { start, end } = this.view;
    return this.data.rows.filter((row) => row.start < end && row.end > start && row.what !== "story" && row.what !== "day");
  },
};
