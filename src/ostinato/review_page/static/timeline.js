// One canvas: the whole film above, a scale of time, the lanes, the waveform and the spectrogram.
// What stands still is painted once and copied; while sound plays only the playhead is drawn.
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

export class Timeline {
  constructor(canvas, names, { tiles, desk }) {
    Object.assign(this, { canvas, names, tiles, desk });
    this.context = canvas.getContext("2d");
    this.still = document.createElement("canvas");
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
    const [r, g, b] = this.numbers(this.inks["--ink"]);
    this.tiles.paintWith([r, g, b]);
  }

  // what a colour is in numbers, a system's colour as well
  numbers(colour) {
    const one = new OffscreenCanvas(1, 1).getContext("2d");
    one.fillStyle = colour;
    one.fillRect(0, 0, 1, 1);
    return one.getImageData(0, 0, 1, 1).data;
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
    for (const one of [this.canvas, this.still]) {
      one.width = Math.round(this.width * ratio);
      one.height = Math.round(height * ratio);
    }
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${height}px`;
    this.names.style.height = `${height}px`;
    this.ratio = ratio;
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
      this.paint(this.still.getContext("2d"));
    }
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.still, 0, 0);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.playhead(context);
    this.costs.push(performance.now() - began);
    if (this.costs.length > 2000) this.costs.splice(0, 1000);
  }

  playhead(context) {
    const { at } = this.desk;
    context.fillStyle = this.inks["--mark"];
    context.fillRect((at / this.data.film.duration_s) * this.width - 0.5, 0, 1, OVERVIEW - 2);
    const x = this.x(at);
    if (x >= 0 && x <= this.width) context.fillRect(x - 0.75, OVERVIEW, 1.5, this.height - OVERVIEW);
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
      for (const row of lane.rows) {
        if (row.what === "occurrence") context.fillRect(row.start * scale, 3, Math.max(1, (row.end - row.start) * scale), OVERVIEW - 10);
      }
    }
    context.strokeStyle = this.inks["--ink"];
    context.lineWidth = 1.5;
    context.strokeRect(start * scale + 0.75, 0.75, Math.max(3, (end - start) * scale - 1.5), OVERVIEW - 5.5);
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
    const ink = this.inks[lane.look.ink];
    context.fillStyle = context.strokeStyle = ink;
    context.lineWidth = 1;
    if (lane.look.shape === "named") context.font = "11px system-ui, sans-serif";
    const paintRow = this[lane.look.shape];
    let last = -1;
    for (let i = firstReaching(lane.rows, lane.longest, start); i < lane.rows.length && lane.rows[i].start < end; i += 1) {
      const row = lane.rows[i];
      const x = (row.start - start) * scale;
      const width = Math.max(1, (row.end - row.start) * scale);
      if (x + width < 0) continue;
      // of many in one pixel, one is painted
      if (width <= 1 && Math.floor(x) === last && lane.look.shape !== "diagonal") continue;
      last = Math.floor(x);
      paintRow.call(this, context, lane, row, x, width, ink);
    }
    context.globalAlpha = 1;
  }

  block(context, lane, row, x, width) {
    context.fillRect(x, lane.top, width > 3 ? width - 0.75 : width, lane.height);
  }

  striped(context, lane, row, x, width) {
    context.globalAlpha = 0.45;
    context.fillRect(x, lane.top, width, lane.height);
    context.globalAlpha = 1;
    context.fillRect(x, lane.top, width, 3);
    context.fillRect(x, lane.top + lane.height - 3, width, 3);
  }

  outline(context, lane, row, x, width) {
    if (width < 3) context.fillRect(x, lane.top + 2, width, lane.height - 4);
    else context.strokeRect(x + 0.5, lane.top + 1.5, width - 1.5, lane.height - 3);
  }

  named(context, lane, row, x, width) {
    const step = lane.look.step(row);
    context.globalAlpha = 0.25 + 0.2 * step;
    context.fillRect(x, lane.top, width > 3 ? width - 0.75 : width, lane.height);
    context.globalAlpha = 1;
    if (width < 24) return;
    const left = Math.max(x, 0);
    context.save();
    context.beginPath();
    context.rect(left, lane.top, x + width - left - 2, lane.height);
    context.clip();
    context.fillStyle = this.inks["--ink"];
    context.fillText(lane.look.name(row), left + 3, lane.top + lane.height / 2 + 0.5);
    context.restore();
  }

  // film time runs to the right, song time upwards
  diagonal(context, lane, row, x, width, ink) {
    const { look: { length }, top, height } = lane;
    const isRejected = row.what === "rejected";
    context.globalAlpha = isRejected ? 0.12 : 0.2;
    context.fillRect(x, top, width, height);
    context.globalAlpha = isRejected ? 0.5 : 1;
    context.strokeStyle = context.fillStyle = ink;
    context.lineWidth = isRejected ? 1 : 2.25;
    if (row.song_start !== null && row.song_start !== undefined) {
      const y = (song) => top + height - (Math.min(Math.max(song, 0), length) / length) * (height - 2) - 1;
      if (isRejected || row.likeness === "spectrum") context.setLineDash([4, 3]);
      context.beginPath();
      context.moveTo(x, y(row.song_start));
      for (const [film, song] of row.knots ?? []) context.lineTo(this.x(film), y(song));
      context.lineTo(x + width, y(row.song_end));
      context.stroke();
      context.setLineDash([]);
    }
    if (row.review === "accepted") context.fillRect(x, top + height - 2, width, 2);
    if (row.review === "moved" || row.review === "added") { context.fillRect(x, top, width, 2); context.fillRect(x, top + height - 2, width, 2); }
    context.globalAlpha = 1;
    context.lineWidth = 1;
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
