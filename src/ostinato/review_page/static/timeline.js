// One canvas: the whole film above, a scale of time, the lanes, the waveform and the spectrogram.
// While sound plays only the playhead moves, which is no part of the drawing.
import { firstReaching, lanesOf } from "./lanes.js";
import { timecode } from "./words.js";
import { make } from "./dom.js";

const OVERVIEW = 22;
const SCALE = 20;
const GAP = 3;
const WAVE = 64;
const SPECTRUM = 96;
const EDGE = 6; // pixels within which a pointer takes hold of an edge
const STEPS_S = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const INKS = ["--paper", "--ink", "--soft", "--rule", "--band", "--link", "--mark", "--narration", "--dialogue", "--soliloquy", "--undetermined",
  ...Array.from({ length: 8 }, (_, i) => `--s${i}`)];

// how rows are inked: as areas, or as lines
const LOOKS = {
  faint: { alpha: 0.12 }, light: { alpha: 0.2 }, step0: { alpha: 0.25 }, step1: { alpha: 0.45 }, step2: { alpha: 0.65 }, half: { alpha: 0.45 }, full: { alpha: 1 },
  thin: { alpha: 1, line: 1 }, line: { alpha: 1, line: 2.25 }, lower: { alpha: 1, line: 2.25, dashed: true }, rejected: { alpha: 0.5, line: 1, dashed: true },
};
const pathOf = (paths, how) => {
  if (!paths.has(how)) paths.set(how, new Path2D());
  return paths.get(how);
};

export class Timeline {
  constructor(canvas, names, { tiles, desk }) {
    Object.assign(this, { canvas, names, tiles, desk });
    this.context = canvas.getContext("2d");
    // above the drawing, so that it moves without a new one
    this.heads = [make("i", { className: "head" }), make("i", { className: "head small" })];
    canvas.after(...this.heads);
    this.lanes = [];
    this.isStale = true;
    this.isAsked = false;
    this.costs = [];
    this.restyle();
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => { this.restyle(); this.ask(); });
    }
    new ResizeObserver(() => { this.resize(); this.ask(); }).observe(canvas.parentElement);
    this.resize();
  }

  restyle() {
    const style = getComputedStyle(document.documentElement);
    this.inks = Object.fromEntries(INKS.map((name) => [name, style.getPropertyValue(name).trim()]));
    this.context.fillStyle = this.inks["--ink"];
    // as the browser has it, a colour of the system as well
    this.tiles.paintWith(getComputedStyle(document.body).color.match(/[\d.]+/g).slice(0, 3).map(Number));
  }

  show(data) {
    this.data = data;
    this.lanes = lanesOf(data);
    this.names.replaceChildren();
    let top = OVERVIEW + SCALE;
    for (const lane of this.lanes) {
      lane.top = top;
      this.name(lane.name, top, lane.height);
      top += lane.height + GAP;
    }
    this.waveTop = top + GAP;
    this.name("waveform", this.waveTop, WAVE);
    this.spectrumTop = this.waveTop + WAVE + GAP;
    this.name("spectrogram", this.spectrumTop, SPECTRUM);
    this.height = this.spectrumTop + SPECTRUM;
    this.resize();
    this.ask();
  }

  name(text, top, height) {
    const made = make("span", { name: text, className: height < 24 ? "low" : "" });
    made.style.top = `${top}px`;
    made.style.height = `${height}px`;
    this.names.append(made);
  }

  resize() {
    const ratio = devicePixelRatio || 1;
    this.width = Math.max(50, this.canvas.parentElement?.clientWidth - this.names.offsetWidth || 0);
    const height = this.height ?? 200;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${height}px`;
    this.names.style.height = `${height}px`;
    this.heads[0].style.height = `${height - OVERVIEW}px`;
    this.ratio = ratio;
    for (const lane of this.lanes) lane.overview = undefined;
    this.isStale = true;
  }

  // something has changed: paint anew at the next frame
  ask({ still = true } = {}) {
    this.isStale ||= still;
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      this.frame();
    });
  }

  x(time) {
    const { start, end } = this.desk.view;
    return ((time - start) / (end - start)) * this.width;
  }

  time(x) {
    const { start, end } = this.desk.view;
    return start + (x / this.width) * (end - start);
  }

  frame() {
    if (!this.data) return;
    const began = performance.now();
    if (this.isStale) {
      this.isStale = false;
      this.paint(this.context);
    }
    this.playhead();
    this.costs.push(performance.now() - began);
    if (this.costs.length > 2000) this.costs.splice(0, 1000);
  }

  playhead() {
    const { at } = this.desk;
    const left = this.names.offsetWidth;
    const x = this.x(at);
    const [head, small] = this.heads;
    head.style.transform = `translateX(${left + x}px)`;
    head.hidden = x < 0 || x > this.width;
    small.style.transform = `translateX(${left + (at / this.data.film.duration_s) * this.width}px)`;
  }

  paint(context) {
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.overview(context);
    this.scale(context);
    for (const lane of this.lanes) this.paintLane(context, lane);
    this.sound(context);
    this.selection(context);
  }

  overview(context) {
    const { duration_s: length } = this.data.film;
    const { start, end } = this.desk.view;
    const scale = this.width / length;
    context.fillStyle = this.inks["--band"];
    context.fillRect(0, 0, this.width, OVERVIEW - 4);
    for (const lane of this.lanes) {
      if (lane.look.shape !== "diagonal") continue;
      context.fillStyle = this.inks[lane.look.ink];
      lane.overview ??= this.overviewOf(lane, scale);
      context.fill(lane.overview);
    }
    context.strokeStyle = this.inks["--ink"];
    context.lineWidth = 1.5;
    context.strokeRect(start * scale + 0.75, 0.75, Math.max(3, (end - start) * scale - 1.5), OVERVIEW - 5.5);
  }

  overviewOf(lane, scale) {
    const path = new Path2D();
    for (const row of lane.rows) {
      if (row.what === "occurrence") path.rect(row.start * scale, 3, Math.max(1, (row.end - row.start) * scale), OVERVIEW - 10);
    }
    return path;
  }

  scale(context) {
    const { start, end } = this.desk.view;
    const least = ((end - start) / this.width) * 84;
    const step = STEPS_S.find((one) => one >= least) ?? 7200;
    const decimals = step < 0.01 ? 3 : step < 0.1 ? 2 : step < 1 ? 1 : 0;
    context.fillStyle = this.inks["--soft"];
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "middle";
    for (let i = Math.ceil(start / step); i * step <= end; i += 1) {
      const x = this.x(i * step);
      context.fillStyle = this.inks["--rule"];
      context.fillRect(x, OVERVIEW + SCALE - 5, 1, this.height);
      context.fillStyle = this.inks["--soft"];
      if (x < this.width - 40) context.fillText(timecode(i * step, decimals), x + 3, OVERVIEW + SCALE / 2 - 1);
    }
  }

  paintLane(context, lane) {
    const { start, end } = this.desk.view;
    context.fillStyle = this.inks["--rule"];
    context.fillRect(0, lane.top + lane.height + 1, this.width, 1);
    const scale = this.width / (end - start);
    context.fillStyle = context.strokeStyle = this.inks[lane.look.ink];
    const view = `${start} ${end} ${this.width}`;
    if (lane.view !== view) Object.assign(lane, { view, paths: this.pathsOf(lane, start, end, scale) });
    for (const [how, path] of lane.paths) this.ink(context, how, path);
    context.globalAlpha = 1;
    if (lane.look.shape === "named") this.writeNames(context, lane, start, end, scale);
  }

  // rows of a lane that look alike are one path: thousands of them cost a few orders
  pathsOf(lane, start, end, scale) {
    const paths = new Map();
    const add = this[lane.look.shape];
    let last = -1;
    for (let i = firstReaching(lane.rows, lane.longest, start); i < lane.rows.length && lane.rows[i].start < end; i += 1) {
      const row = lane.rows[i];
      const x = Math.max(-10, (row.start - start) * scale);
      const stop = Math.min(this.width + 10, (row.end - start) * scale);
      if (stop < 0) continue;
      const width = Math.max(1, stop - x);
      // of many in one pixel, one is painted
      if (width <= 1 && Math.floor(x) === last && lane.look.shape !== "diagonal") continue;
      last = Math.floor(x);
      add.call(this, paths, lane, row, x, width);
    }
    return paths;
  }

  ink(context, how, path) {
    const { alpha, line, dashed } = LOOKS[how];
    context.globalAlpha = alpha;
    if (!line) {
      context.fill(path);
      return;
    }
    context.lineWidth = line;
    context.setLineDash(dashed ? [4, 3] : []);
    context.stroke(path);
    context.setLineDash([]);
  }

  block(paths, lane, row, x, width) {
    pathOf(paths, "full").rect(x, lane.top, width > 3 ? width - 0.75 : width, lane.height);
  }

  striped(paths, lane, row, x, width) {
    pathOf(paths, "half").rect(x, lane.top, width, lane.height);
    pathOf(paths, "full").rect(x, lane.top, width, 3);
    pathOf(paths, "full").rect(x, lane.top + lane.height - 3, width, 3);
  }

  outline(paths, lane, row, x, width) {
    if (width < 3) pathOf(paths, "full").rect(x, lane.top + 2, width, lane.height - 4);
    else pathOf(paths, "thin").rect(x + 0.5, lane.top + 1.5, width - 1.5, lane.height - 3);
  }

  named(paths, lane, row, x, width) {
    pathOf(paths, `step${lane.look.step(row)}`).rect(x, lane.top, width > 3 ? width - 0.75 : width, lane.height);
  }

  writeNames(context, lane, start, end, scale) {
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.fillStyle = this.inks["--ink"];
    for (let i = firstReaching(lane.rows, lane.longest, start); i < lane.rows.length && lane.rows[i].start < end; i += 1) {
      const row = lane.rows[i];
      const left = Math.max((row.start - start) * scale, 0);
      const room = Math.min(this.width, (row.end - start) * scale) - left - 4;
      if (room < 20) continue;
      context.save();
      context.beginPath();
      context.rect(left, lane.top, room + 2, lane.height);
      context.clip();
      context.fillText(lane.look.name(row), left + 3, lane.top + lane.height / 2 + 0.5);
      context.restore();
    }
  }

  // film time runs to the right, song time upwards
  diagonal(paths, lane, row, x, width) {
    const { look: { length }, top, height } = lane;
    const isRejected = row.what === "rejected";
    pathOf(paths, isRejected ? "faint" : "light").rect(x, top, width, height);
    if (row.song_start !== null && row.song_start !== undefined) {
      const y = (song) => top + height - (Math.min(Math.max(song, 0), length) / length) * (height - 2) - 1;
      const path = pathOf(paths, isRejected ? "rejected" : row.likeness === "spectrum" ? "lower" : "line");
      path.moveTo(this.x(row.start), y(row.song_start));
      for (const [film, song] of row.knots ?? []) path.lineTo(this.x(film), y(song));
      path.lineTo(this.x(row.end), y(row.song_end));
    }
    if (row.review) pathOf(paths, "full").rect(x, top + height - 2, width, 2);
    if (row.review === "moved" || row.review === "added") pathOf(paths, "full").rect(x, top, width, 2);
  }

  sound(context) {
    const { start, end } = this.desk.view;
    const { rate_hz: rate } = this.data.sound;
    const [first, stop] = [start * rate, end * rate];
    context.fillStyle = this.inks["--band"];
    context.fillRect(0, this.spectrumTop, this.width, SPECTRUM);
    this.tiles.draw(context, "peaks", first, stop, 0, this.waveTop, this.width, WAVE);
    this.tiles.draw(context, "columns", first, stop, 0, this.spectrumTop, this.width, SPECTRUM);
  }

  selection(context) {
    if (this.desk.marked.size) this.marks(context);
    const { selected, range } = this.desk;
    const stretch = range ?? selected;
    if (!stretch) return;
    const x = this.x(stretch.start);
    const width = Math.max(1, this.x(stretch.end) - x);
    if (x > this.width || x + width < 0) return;
    context.globalAlpha = 0.12;
    context.fillStyle = this.inks["--link"];
    context.fillRect(x, OVERVIEW + SCALE - 4, width, this.height);
    context.globalAlpha = 1;
    context.fillRect(x - 1, OVERVIEW + SCALE - 4, 2, this.height);
    context.fillRect(x + width - 1, OVERVIEW + SCALE - 4, 2, this.height);
    if (!selected || range) return;
    for (const lane of this.lanes) {
      if (!lane.rows.includes(selected)) continue;
      context.strokeStyle = this.inks["--link"];
      context.lineWidth = 2;
      context.strokeRect(x, lane.top - 1, width, lane.height + 2);
    }
  }

  marks(context) {
    context.strokeStyle = this.inks["--mark"];
    context.lineWidth = 1.5;
    context.setLineDash([3, 2]);
    for (const lane of this.lanes) {
      for (const row of lane.rows) {
        if (row.marked) context.strokeRect(this.x(row.start), lane.top - 1, Math.max(3, this.x(row.end) - this.x(row.start)), lane.height + 2);
      }
    }
    context.setLineDash([]);
  }

  // what lies under a point: a row, an edge of the selected one, the overview
  under(x, y) {
    if (y < OVERVIEW) return { overview: true };
    const time = this.time(x);
    const { selected } = this.desk;
    if (selected) {
      for (const edge of ["start", "end"]) if (Math.abs(this.x(selected[edge]) - x) <= EDGE) return { edge, time };
    }
    const lane = this.lanes.find((one) => y >= one.top && y < one.top + one.height + GAP);
    const reach = (EDGE / 2 / this.width) * (this.desk.view.end - this.desk.view.start);
    const rows = (lane?.rows ?? []).filter((row) => row.start - reach <= time && time < row.end + reach);
    rows.sort((a, b) => a.end - a.start - (b.end - b.start));
    return { time, row: rows[0] ?? null };
  }
}
