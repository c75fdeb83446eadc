// Judging by ear: one stretch after another, and nothing that the program thinks of them.
import { Refused, get, listen, post } from "./api.js";
import { $, make, notice, pressed, say } from "./dom.js";
import { openHelp, startKeys } from "./keys.js";
import { player } from "./player.js";
import { timecode } from "./words.js";

const wordOf = (kind) => (kind === "none" ? "no speech" : kind);
let data;
let current = 0;
let autoplay = true;
let chain = Promise.resolve();
let pending = 0;

const around = () => {
  const { start, end } = data.stretches[current];
  return { start: Math.max(0, start - data.context_s), end: Math.min(data.film.duration_s, end + data.context_s) };
};
const canPlay = () => {
  if (data.sound.mix.status === "ready") return true;
  say(data.sound.mix.status === "missing" ? `There is no sound: ${data.sound.mix.why}` : "The sound is being prepared");
  return false;
};
const play = () => {
  if (player.playing) return player.pause();
  const { start, end } = around();
  return canPlay() && player.play(start, end);
};
const playAlone = () => canPlay() && player.play(data.stretches[current].start, data.stretches[current].end);

const moveHead = () => {
  const { start, end } = around();
  $("head").style.left = `${Math.max(0, Math.min(1, (player.at - start) / (end - start))) * 100}%`;
  if (player.playing) requestAnimationFrame(moveHead);
};

const nDone = () => data.stretches.filter((one) => one.kind !== null).length;
const label = (i) => {
  const { start, end, kind } = data.stretches[i];
  return `Stretch ${i + 1} of ${data.stretches.length}, ${timecode(start)} to ${timecode(end)}, ${kind === null ? "without an answer" : wordOf(kind)}`;
};

const show = () => {
  const one = data.stretches[current];
  const wide = around();
  const span = wide.end - wide.start;
  $("task-title").textContent = `Stretch ${current + 1} of ${data.stretches.length}`;
  $("stretch").style.left = `${((one.start - wide.start) / span) * 100}%`;
  $("stretch").style.width = `${((one.end - one.start) / span) * 100}%`;
  $("head").style.left = "0";
  for (const button of $("kinds").children) button.setAttribute("aria-pressed", String(button.dataset.kind === one.kind));
  $("progress").max = data.stretches.length;
  $("progress").value = nDone();
  $("progress-note").textContent = `${nDone()} of ${data.stretches.length} have an answer`;
  $("undo").disabled = !data.can_undo;
  fillRows();
  showOutcome();
};

const fillRows = () => {
  const body = $("rows").tBodies[0];
  const had = body.contains(document.activeElement);
  body.replaceChildren(...data.stretches.map((one, i) => make("tr", { className: i === current ? "selected" : "", "data-id": String(i) },
    make("td", {}, make("button", { type: "button", text: String(i + 1), tabindex: i === current ? "0" : "-1", "aria-label": label(i), "aria-current": i === current ? "true" : null, on: { click: () => choose(i) } })),
    make("td", { text: timecode(one.start) }), make("td", { text: `${(one.end - one.start).toFixed(2)} s` }), make("td", { text: one.kind === null ? "" : wordOf(one.kind) }))));
  if (had) body.querySelector("button[tabindex='0']")?.focus({ preventScroll: true });
};

const percent = (share) => `${(share * 100).toFixed(1)} %`;
const showOutcome = () => {
  const place = $("outcome");
  const { outcome } = data;
  place.hidden = !outcome;
  if (!outcome) return;
  const parts = [make("h2", { id: "outcome-title", text: "The sample is done" })];
  if (outcome.status === "counting") parts.push(make("p", { text: "What comes of it is being counted …" }));
  if (outcome.status === "failed") parts.push(make("p", { name: outcome.why }));
  if (outcome.status === "counted") {
    const { widths, agreement } = outcome;
    for (const { of, rows } of widths) {
      if (!rows.length) continue;
      parts.push(make("p", { text: `How the interval of ${of} narrowed as you answered:` }),
        make("table", { "aria-label": `Interval of ${of}` }, make("thead", {}, make("tr", {}, ...["answers", "from", "to", "width in points"].map((text) => make("th", { scope: "col", text })))),
          make("tbody", {}, ...rows.map((row) => make("tr", {}, ...[String(row.n), percent(row.low), percent(row.high), ((row.high - row.low) * 100).toFixed(1)].map((text) => make("td", { text })))))));
    }
    if (agreement) {
      const { kappa, low, high, n, agreed } = agreement;
      const said = kappa === null ? "" : ` Cohen's kappa is ${kappa.toFixed(2)}${low === null || high === null ? "" : ` (${low.toFixed(2)} to ${high.toFixed(2)})`}.`;
      parts.push(make("p", { text: `Of ${n} stretches of which both you and the first coder can tell, you agree on ${agreed === null ? "none" : percent(agreed)}.${said}` }));
    } else if (data.coder) parts.push(make("p", { text: "The first coder has not answered yet, so there is nothing to compare." }));
    parts.push(make("p", { text: "Your answers are in the journal. You may still change any of them." }));
  }
  place.replaceChildren(...parts);
};

const choose = (i, { quiet = false } = {}) => {
  if (i < 0 || i >= data.stretches.length) return say(i < 0 ? "That was the first one" : "That was the last one");
  player.pause();
  current = i;
  show();
  say(label(i));
  if (autoplay && !quiet && data.sound.mix.status === "ready") { const { start, end } = around(); player.play(start, end); }
  return null;
};
const nextOpen = () => {
  const order = data.stretches.map((_, k) => (current + 1 + k) % data.stretches.length);
  const next = order.find((i) => data.stretches[i].kind === null);
  if (next === undefined) say("All have an answer");
  else choose(next);
};

const take = (state) => { data = { ...state, sound: state.sound ?? data.sound }; current = Math.min(current, data.stretches.length - 1); };

// a number is fixed when the key is pressed, whatever is answered before it
const send = (wish, words, then) => {
  pending += 1;
  chain = chain.then(async () => {
    const answer = await post("/api/change", { last_seen: data.last, ...wish }, {
      onWait: () => notice("This answer is not saved yet: the server does not answer. It is sent again until it is, as long as this page stays open. If the command was started again, open the link that it printed in another window."),
    });
    notice();
    take(answer.state);
    say(words);
    then();
  }).catch(async (error) => {
    if (error instanceof Refused && error.status === 409) take(await get("/api/state"));
    notice(error.message, ...(error.body?.between ?? []).map((text) => make("p", { text })));
    say(`Not saved: ${error.message}`);
    show();
  }).finally(() => { pending -= 1; });
  return chain;
};
const give = (kind) => {
  const number = current;
  return send({ do: "answer", number, kind }, `Stretch ${number + 1} is ${wordOf(kind)}`, () => {
    if (current !== number) return show();
    if (data.stretches.every((one) => one.kind !== null)) return show();
    show();
    return nextOpen();
  });
};
const takeBack = () => send({ do: "undo" }, "The last answer is taken back", show);

const setLoop = () => { player.setLoop(!player.looping); pressed("loop", player.looping); say(player.looping ? "In a loop" : "Once"); };
const setHalf = () => { player.setHalf(!player.half); pressed("half", player.half); say(player.half ? "Half speed" : "Full speed"); };
const setAutoplay = () => { autoplay = !autoplay; pressed("autoplay", autoplay); say(autoplay ? "Each is played when it is chosen" : "Nothing plays by itself"); };

const groups = () => [
  { title: "Playing", keys: [
    [["Space"], "play or pause, with two seconds around it", play],
    [["Enter"], "play the stretch alone", playAlone],
    [["l"], "loop on or off", setLoop],
    [["h"], "half speed on or off", setHalf],
    [["Escape"], "stop", () => player.pause()],
  ] },
  { title: "Answering", keys: [...data.choices.map((kind, i) => [[String(i + 1)], wordOf(kind), () => give(kind)]), [["z", "Ctrl+z"], "take the last answer back", takeBack]] },
  { title: "Stepping", keys: [
    [["j", "ArrowRight"], "next", () => choose(current + 1)],
    [["k", "ArrowLeft"], "previous", () => choose(current - 1)],
    [["u"], "next without an answer", nextOpen],
    [["p"], "play each when it is chosen, or not", setAutoplay],
  ] },
  { title: "Help", keys: [[["?"], "these keys", openHelp]] },
];

const showSound = (sound) => {
  data.sound = sound;
  const { mix } = sound;
  $("sound-note").textContent = { preparing: `The sound is being prepared: ${Math.round(mix.share * 100)} %.`, missing: `Without sound: ${mix.why}` }[mix.status] ?? "";
  for (const id of ["play", "alone", "loop", "half"]) $(id).disabled = mix.status === "missing";
};

const begin = async () => {
  data = await get("/api/state");
  player.start($("audio"), data.sound);
  player.onChange = () => { $("play").textContent = player.playing ? "Pause" : "Play"; if (player.playing) requestAnimationFrame(moveHead); };
  $("film").textContent = data.film.name;
  $("coder").textContent = data.coder ? `: ${data.coder}` : "";
  $("kinds").replaceChildren(...data.choices.map((kind, i) => make("button", { type: "button", text: `${i + 1} ${wordOf(kind)}`, "data-kind": kind, "aria-keyshortcuts": String(i + 1), on: { click: () => give(kind) } })));
  for (const about of document.querySelectorAll(".about")) about.hidden = about.dataset.on !== data.on;
  $("songs").replaceChildren(...data.songs.map((name) => make("li", { name })));
  const clicks = { play, alone: playAlone, loop: setLoop, half: setHalf, previous: () => choose(current - 1), next: () => choose(current + 1), open: nextOpen, autoplay: setAutoplay, undo: takeBack };
  for (const [id, act] of Object.entries(clicks)) $(id).addEventListener("click", act);
  if (data.notices.length) notice(...data.notices.map((text) => make("p", { name: text })));
  current = Math.max(0, data.stretches.findIndex((one) => one.kind === null));
  show();
  showSound(data.sound);
  startKeys(groups());
  const refresh = async () => { const now = await get("/api/state"); take(now); show(); showSound(now.sound); };
  listen({
    changed: ({ last }) => { if (last !== data.last && !pending) refresh(); },
    sound: showSound,
    outcome: (outcome) => { data.outcome = outcome; show(); },
    error: () => { $("sound-note").textContent = "The server does not answer. What was acknowledged is kept; start the command again to go on."; },
    open: refresh,
  });
  document.documentElement.dataset.ready = "yes";
};

begin().catch((error) => notice(`The page could not begin: ${error.message}`));
