// The review: what the parts of the page do together.
import * as acts from "./acts.js";
import { get, listen } from "./api.js";
import { listChanges, showFigures } from "./changes.js";
import { desk } from "./desk.js";
import { $, make, notice, pressed, say } from "./dom.js";
import { inspect } from "./inspector.js";
import { openHelp, startKeys } from "./keys.js";
import { player } from "./player.js";
import { askTable, fill, markSelected, startTable } from "./table.js";
import { Tiles } from "./tiles.js";
import { Timeline } from "./timeline.js";
import { KINDS, seconds, sentence, timecode } from "./words.js";

const AROUND_S = 1.5;
let timeline;
const tiles = new Tiles({ onLoad: () => timeline?.ask() });

// playing

const follow = () => {
  if (!player.playing) return;
  desk.at = Math.min(desk.data.film.duration_s, player.at);
  const { start, end } = desk.view;
  if (desk.at > end && desk.at < end + (end - start)) desk.show(desk.at - 0.05 * (end - start), desk.at + 0.95 * (end - start));
  else timeline?.ask({ still: false });
  showAt();
  requestAnimationFrame(follow);
};
const showAt = () => {
  const field = $("at");
  if (field && document.activeElement !== field) field.value = timecode(desk.at, 2);
};
const canPlay = () => {
  const { mix } = desk.data.sound;
  if (mix.status === "ready") return true;
  say(mix.status === "missing" ? `There is no sound: ${mix.why}` : "The sound is being prepared");
  return false;
};
const play = (from, to = null, how = {}) => canPlay() && player.play(from, to, how);
const toggle = () => {
  if (player.playing) { player.pause(); say(`Paused at ${timecode(desk.at)}`); } else play(desk.at >= desk.data.film.duration_s - 0.01 ? 0 : desk.at);
};
const playStretch = ({ loop = player.looping } = {}) => {
  const stretch = desk.stretch;
  if (stretch) play(stretch.start, stretch.end, { loop });
  else say("Nothing is selected");
};
const playAround = (edge) => {
  const stretch = desk.stretch;
  if (stretch) play(stretch[edge] - AROUND_S, stretch[edge] + AROUND_S);
  else say("Nothing is selected");
};
const stop = () => {
  const was = player.playing;
  player.pause();
  if (desk.range) desk.select(desk.selected);
  else if (!was && desk.selected) { desk.select(null); say("Nothing is selected"); }
};
const setLoop = () => { player.setLoop(!player.looping); pressed("loop", player.looping); say(player.looping ? "In a loop" : "Once"); };
const setHalf = () => { player.setHalf(!player.half); pressed("half", player.half); say(player.half ? "Half speed" : "Full speed"); };
const setWithout = () => {
  const { remainder } = desk.data.sound;
  if (player.sound === "mix" && remainder.status !== "ready") return say(remainder.why ? `There is no film without songs: ${remainder.why}` : "The film without songs is being prepared");
  player.setSound(player.sound === "mix" ? "remainder" : "mix");
  pressed("without", player.sound === "remainder");
  return say(player.sound === "remainder" ? "The film without its songs" : "The film as it is");
};
const setAutoplay = () => { desk.autoplay = !desk.autoplay; pressed("autoplay", desk.autoplay); say(desk.autoplay ? "Each is played when it is chosen" : "Nothing plays by itself"); };

// choosing

const choose = (row, { focus = false, quiet = false } = {}) => {
  player.pause();
  desk.select(row);
  desk.reveal(row);
  if (focus) { fill(); document.querySelector(`#rows button[data-id="${CSS.escape(row.id)}"]`)?.focus({ preventScroll: true }); }
  say(`Selected ${sentence(desk.data, row)}`);
  if (desk.autoplay && !quiet && desk.data.sound.mix.status === "ready") play(row.start, row.end);
};
const step = (direction) => {
  const row = desk.neighbour(direction);
  if (!row) return say(direction > 0 ? "That was the last one" : "That was the first one");
  const inTable = $("rows")?.contains(document.activeElement);
  return choose(row, { focus: inTable });
};
const seek = (by) => {
  const was = player.playing;
  player.pause();
  desk.goTo(desk.at + by);
  say(timecode(desk.at));
  if (was) play(desk.at);
};
const goTo = (time) => {
  const was = player.playing;
  player.pause();
  desk.goTo(time);
  if (desk.at < desk.view.start || desk.at > desk.view.end) desk.show(desk.at - (desk.view.end - desk.view.start) / 2, desk.at + (desk.view.end - desk.view.start) / 2);
  if (was) play(desk.at);
};
const zoomTo = () => {
  const stretch = desk.stretch;
  if (!stretch) return say("Nothing is selected");
  const room = (stretch.end - stretch.start) * 0.15;
  return desk.show(stretch.start - room, stretch.end + room);
};
const setEdge = (edge) => {
  if (desk.selected) return acts.setEdge(edge, desk.at);
  desk.markEdge(edge);
  return say(`Stretch ${timecode(desk.range.start)} to ${timecode(desk.range.end)}`);
};
const toName = () => {
  const field = $("voice-name") ?? $("scene-name") ?? $("voice-of") ?? document.querySelector("#inspector input");
  if (field) { field.focus(); field.select?.(); } else say("There is nothing to name");
};

const GROUPS = [
  { title: "Playing", keys: [
    [["Space"], "play or pause (ELAN, Audacity)", toggle],
    [["Enter"], "play what is selected", () => playStretch()],
    [["Shift+Space"], "play what is selected in a loop (Audacity)", () => playStretch({ loop: true })],
    [[","], "play around its start", () => playAround("start")],
    [["."], "play around its end", () => playAround("end")],
    [["l"], "loop on or off (Audacity)", setLoop],
    [["h"], "half speed on or off", setHalf],
    [["t"], "the film with or without its songs", setWithout],
    [["Escape"], "stop, and let go of a stretch (Praat)", stop],
    [["ArrowLeft"], "one second back (Audacity)", () => seek(-1)],
    [["ArrowRight"], "one second on (Audacity)", () => seek(1)],
    [["Shift+ArrowLeft"], "fifteen seconds back (Audacity)", () => seek(-15)],
    [["Shift+ArrowRight"], "fifteen seconds on (Audacity)", () => seek(15)],
    [["Home"], "to the beginning (Audacity)", () => goTo(0)],
    [["End"], "to the end (Audacity)", () => goTo(desk.data.film.duration_s)],
  ] },
  { title: "Choosing", keys: [
    [["j", "Shift+ArrowDown"], "next", () => step(1)],
    [["k", "Shift+ArrowUp"], "previous", () => step(-1)],
    [["p"], "play each when it is chosen, or not", setAutoplay],
  ] },
  { title: "Looking", keys: [
    [["i"], "zoom in (Praat, with Ctrl there)", () => desk.zoom(0.5)],
    [["o"], "zoom out (Praat)", () => desk.zoom(2)],
    [["n"], "zoom to what is selected (Praat)", zoomTo],
    [["a"], "the whole film (Praat)", () => desk.show(0, desk.data.film.duration_s)],
    [["PageUp"], "earlier (Praat)", () => desk.pan(-0.8)],
    [["PageDown"], "later (Praat)", () => desk.pan(0.8)],
  ] },
  { title: "Correcting", keys: [
    [["y"], "accept; count a faint candidate", () => acts.accept()],
    [["x", "Delete"], "reject; no speech; remove a scene", () => acts.reject()],
    ...KINDS.map((kind, i) => [[String(i + 1)], kind, () => acts.giveKind(kind)]),
    [["5"], "no speech", () => acts.reject()],
    [["q"], "start 10 ms earlier", () => acts.nudge("start", -0.01)],
    [["w"], "start 10 ms later", () => acts.nudge("start", 0.01)],
    [["e"], "end 10 ms earlier", () => acts.nudge("end", -0.01)],
    [["r"], "end 10 ms later", () => acts.nudge("end", 0.01)],
    [["Shift+q"], "start 100 ms earlier", () => acts.nudge("start", -0.1)],
    [["Shift+w"], "start 100 ms later", () => acts.nudge("start", 0.1)],
    [["Shift+e"], "end 100 ms earlier", () => acts.nudge("end", -0.1)],
    [["Shift+r"], "end 100 ms later", () => acts.nudge("end", 0.1)],
    [["["], "start at the playhead, of what is selected or of a stretch (Audacity)", () => setEdge("start")],
    [["]"], "end at the playhead, of what is selected or of a stretch (Audacity)", () => setEdge("end")],
    [["s"], "split at the playhead", () => acts.split()],
    [["g"], "join with the next, or with what is marked", () => acts.merge()],
    [["m"], "mark, for what is done to several", () => acts.mark()],
    [["d"], "part it, and what is marked, from its voice", () => acts.partVoice()],
    [["f"], "look for the song in what was added", () => acts.follow()],
    [["v"], "name: to the field of the voice or the scene", toName],
    [["z", "Ctrl+z"], "undo", () => acts.undo()],
    [["Shift+z", "Ctrl+Shift+z"], "do again", () => acts.redo()],
  ] },
  { title: "Help", keys: [[["?"], "these keys", openHelp]] },
];

// the buttons say what the keys do

const CLICKS = {
  play: toggle, "play-selection": () => playStretch(), "around-start": () => playAround("start"), "around-end": () => playAround("end"),
  loop: setLoop, half: setHalf, without: setWithout, autoplay: setAutoplay, "zoom-in": () => desk.zoom(0.5), "zoom-out": () => desk.zoom(2),
  "zoom-selection": zoomTo, "zoom-all": () => desk.show(0, desk.data.film.duration_s), "pan-back": () => desk.pan(-0.8), "pan-on": () => desk.pan(0.8),
  previous: () => step(-1), next: () => step(1), undo: () => acts.undo(), redo: () => acts.redo(),
};

const startButtons = () => {
  for (const [id, act] of Object.entries(CLICKS)) $(id).addEventListener("click", act);
  $("at").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const time = seconds(event.target.value);
    if (time === null) say("This is no time: write it as 1:02:03.5");
    else { event.target.blur(); goTo(time); say(timecode(desk.at)); }
  });
  $("at").addEventListener("blur", showAt);
  $("through").addEventListener("change", (event) => { desk.through = event.target.value; say(`${desk.steps.length} to step through`); });
};

const fillThrough = () => {
  const select = $("through");
  const has = (what) => desk.data.rows.some((row) => row.what === what);
  const options = [["all", "everything"], ["to review", "what is to be reviewed"], ["occurrence", "occurrences"], ...desk.data.songs.map((song) => [`song:${song.id}`, song.title]),
    ...(has("candidate") ? [["candidate", "faint candidates"]] : []), ...(has("rejected") ? [["rejected", "rejected ones"]] : []),
    ...(has("speech") ? [["speech", "speech"], ...KINDS.map((kind) => [kind, kind])] : []), ...(has("singing") ? [["singing", "singing"]] : []), ...(has("scene") ? [["scene", "scenes"]] : [])];
  select.replaceChildren(...options.map(([value, text]) => make("option", { value, text, selected: value === desk.through })));
};

// the pointer, on the drawing

const startPointer = (canvas) => {
  let hold = null;
  const place = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [x, y] = place(event);
    hold = { x, ...timeline.under(x, y), moved: false };
    canvas.setPointerCapture(event.pointerId);
    if (hold.overview) centre(x);
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = place(event);
    if (!hold) {
      const { edge, overview } = timeline.under(x, y);
      canvas.style.cursor = edge ? "ew-resize" : overview ? "grab" : "default";
      return;
    }
    if (hold.overview) return centre(x);
    if (Math.abs(x - hold.x) < 4 && !hold.moved) return;
    hold.moved = true;
    if (hold.edge) {
      const to = { start: desk.selected.start, end: desk.selected.end, [hold.edge]: timeline.time(x) };
      if (to.end > to.start) { desk.range = to; timeline.ask(); }
    } else desk.selectRange(hold.time, timeline.time(x));
  });
  canvas.addEventListener("pointerup", (event) => {
    const [x] = place(event);
    const was = hold;
    hold = null;
    if (!was || was.overview) return;
    if (was.moved && was.edge) {
      desk.range = null;
      acts.setEdge(was.edge, timeline.time(x));
    } else if (was.moved) say(`Stretch ${timecode(desk.range.start)} to ${timecode(desk.range.end)}`);
    else if (was.row && (event.ctrlKey || event.metaKey)) acts.mark(was.row);
    else if (was.row) choose(was.row);
    else goTo(was.time ?? timeline.time(x));
  });
  canvas.addEventListener("wheel", (event) => {
    const [x] = place(event);
    if (event.ctrlKey || event.metaKey) { event.preventDefault(); desk.zoom(1.0015 ** event.deltaY, timeline.time(x)); }
    else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) { event.preventDefault(); desk.pan((event.deltaX || event.deltaY) / timeline.width); }
  }, { passive: false });
};
const centre = (x) => {
  const middle = (x / timeline.width) * desk.data.film.duration_s;
  const half = (desk.view.end - desk.view.start) / 2;
  desk.show(middle - half, middle + half);
};

// what follows from a change

const react = (what) => {
  if (what.has("data")) {
    $("film").textContent = desk.data.film.name;
    document.title = `Review: ${desk.data.film.name}`;
    fillThrough();
    listChanges();
    timeline?.show(desk.data);
    inspect({ force: true });
    fill();
  }
  if (what.has("selection")) { inspect(); markSelected(); }
  if (what.has("marks")) { inspect(); fill(); }
  if (what.has("view")) askTable();
  if (what.has("at")) showAt();
  timeline?.ask({ still: what.has("data") || what.has("selection") || what.has("view") || what.has("marks") });
};

const showSound = (sound) => {
  desk.data.sound = sound;
  const { mix, remainder, pictures } = sound;
  const said = { preparing: `The sound is being prepared: ${Math.round(mix.share * 100)} %.`, missing: `Without sound: ${mix.why}` }[mix.status]
    ?? (pictures.status === "preparing" ? `The waveform is being drawn: ${Math.round(pictures.share * 100)} %.` : "");
  $("sound-note").textContent = said;
  for (const id of ["play", "play-selection", "around-start", "around-end", "loop", "half"]) $(id).disabled = mix.status === "missing";
  $("without").disabled = remainder.status === "missing";
  $("without").title = remainder.why ?? "";
  if (pictures.status === "ready" && !tiles.isOn) { tiles.start(sound); timeline?.ask(); }
};

let saidInOrder = Promise.resolve();
const showFollowing = (told) => { saidInOrder = saidInOrder.then(() => sayFollowing(told)); };
const sayFollowing = async ({ id, status, why }) => {
  // in their order, and after what is said of the change that asked for it
  while (acts.pending.n) await new Promise((go) => { setTimeout(go, 20); });
  if (status === "found") await acts.reload();
  const row = desk.byId.get(id);
  say({ looking: "The song is being looked for in the film's sound", missing: "The song is not found there: it counts in film time alone", failed: `The song could not be looked for: ${why}` }[status]
    ?? `Found. ${row ? sentence(desk.data, row) : ""}`);
};

const begin = async () => {
  const data = await get("/api/state");
  player.start($("audio"), data.sound);
  player.onChange = (name) => {
    $("play").textContent = player.playing ? "Pause" : "Play";
    if (name === "playing" || name === "play") requestAnimationFrame(follow);
    if (name === "ended") { desk.at = player.stop / player.rate; showAt(); timeline?.ask({ still: false }); }
    if (name === "error" && player.audio.getAttribute("src")) say("This stretch cannot be played");
  };
  const canvas = $("canvas");
  if (canvas) {
    timeline = new Timeline(canvas, $("lane-names"), { tiles, desk });
    startPointer(canvas);
  }
  desk.on(react);
  desk.take(data);
  showAt();
  showSound(data.sound);
  showFigures(data.figures);
  $("coder").textContent = data.coder ? `: ${data.coder}` : "";
  if (data.notices.length) notice(...data.notices.map((text) => make("p", { name: text })));
  startButtons();
  startTable({ choose, mark: acts.mark });
  startKeys(GROUPS);
  listen({
    changed: async ({ last }) => { if (last !== desk.data.last && !acts.pending.n) { await acts.reload(); say("Changed in another window"); } },
    following: showFollowing,
    sound: showSound,
    figures: showFigures,
    error: () => { $("sound-note").textContent = "The server does not answer. What was acknowledged is kept; start the command again to go on."; },
    open: async () => { showSound(desk.data.sound); const now = await get("/api/state"); if (now.last !== desk.data.last) desk.take(now); showSound(now.sound); showFigures(now.figures); },
  });
  document.documentElement.dataset.ready = "yes";
};

begin().catch((error) => notice(`The page could not begin: ${error.message}`));

// for whoever measures: how long the script of each frame took
globalThis.ostinato = { desk, player, get costs() { return timeline?.costs ?? []; } };
