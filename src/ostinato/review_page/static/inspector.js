// What is selected, and all that can be done to it.
import * as acts from "./acts.js";
import { desk } from "./desk.js";
import { $, make } from "./dom.js";
import { KINDS, laneOf, nameOf, stateOf, timecode, titleOf, voiceName } from "./words.js";

const button = (text, act, { keys = null, is = null } = {}) =>
  make("button", { type: "button", text, "aria-keyshortcuts": keys, "aria-pressed": is === null ? null : String(is), on: { click: act } });
const bar = (label, ...children) => make("div", { className: "bar", role: "group", "aria-label": label }, ...children);
const field = (label, attributes) => {
  const input = make("input", { type: "text", autocomplete: "off", ...attributes });
  return [make("label", {}, make("span", { text: label }), input), input];
};

// a field that is being written into is left alone
const isBusy = (place) => place.contains(document.activeElement) && document.activeElement.matches("input, select");

export const inspect = ({ force = false } = {}) => {
  const place = $("inspector");
  if (!place || !desk.data || (isBusy(place) && !force && place.dataset.id === (desk.selected?.id ?? ""))) return;
  const focused = place.contains(document.activeElement) ? document.activeElement.textContent : null;
  place.dataset.id = desk.selected?.id ?? "";
  place.replaceChildren(make("h2", { id: "inspector-title", text: desk.selected ? "Selected" : desk.range ? "A stretch" : "Nothing is selected" }),
    ...(desk.selected ? about(desk.selected) : aboutRange(desk.range)));
  if (focused) [...place.querySelectorAll("button")].find((one) => one.textContent === focused)?.focus();
};

const about = (row) => [
  make("p", { className: "selected-name" }, make("bdi", { text: nameOf(desk.data, row) })),
  facts(row),
  ...(["occurrence", "speech", "scene"].includes(row.what) ? edges(row) : []),
  ...({ occurrence: ofOccurrence, rejected: ofRejected, candidate: ofCandidate, speech: ofSpeech, scene: ofScene }[row.what]?.(row) ?? []),
];

const facts = (row) => {
  const list = make("dl", {});
  const add = (term, text) => {
    if (text === null || text === undefined || text === "") return;
    list.append(make("dt", { text: term }), make("dd", {}, make("bdi", { text })));
  };
  add("lane", laneOf(desk.data, row));
  add("film time", `${timecode(row.start, 3)} to ${timecode(row.end, 3)}`);
  if (row.song_start !== undefined) add("song time", row.song_start === null ? "not known" : `${timecode(row.song_start, 3)} to ${timecode(row.song_end, 3)}`);
  add("state", stateOf(row));
  if (row.found) add("the program found", `${timecode(row.found[0], 3)} to ${timecode(row.found[1], 3)}`);
  if (row.predicted && row.predicted !== row.kind) add("the program said", row.predicted);
  if (row.what === "speech" && typeof row.p === "number") add("probability of narration", row.p.toFixed(2));
  if (row.what !== "speech" && typeof row.p === "number") add("p by chance", row.p < 0.001 ? "< 0.001" : row.p.toFixed(3));
  if (row.likeness === "spectrum") add("grade", "its spectrum alone was met");
  if (row.speed && Math.abs(row.speed - 1) > 1e-4) add("speed", row.speed.toFixed(4));
  return list;
};

const edges = (row) => {
  const [startLabel, start] = field("from", { value: timecode(row.start, 3), size: 10, inputmode: "decimal" });
  const [endLabel, end] = field("to", { value: timecode(row.end, 3), size: 10, inputmode: "decimal" });
  const form = make("form", { className: "bar", "aria-label": "Its edges" }, startLabel, endLabel, make("button", { text: "Move" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    acts.typedMove(row, start.value, end.value);
    $("inspector").focus();
  });
  return [
    form,
    bar("Start", make("span", { text: "start" }), button("10 ms earlier", () => acts.nudge("start", -0.01), { keys: "Q" }), button("10 ms later", () => acts.nudge("start", 0.01), { keys: "W" }),
      button("to the playhead", () => acts.setEdge("start", desk.at), { keys: "[" })),
    bar("End", make("span", { text: "end" }), button("10 ms earlier", () => acts.nudge("end", -0.01), { keys: "E" }), button("10 ms later", () => acts.nudge("end", 0.01), { keys: "R" }),
      button("to the playhead", () => acts.setEdge("end", desk.at), { keys: "]" })),
  ];
};

const marking = (row) => button("Mark", () => acts.mark(row), { keys: "M", is: row.marked === true });
const join = (row) => {
  const n = desk.markedWith(row).length;
  return button(n > 1 ? `Join the ${n} marked` : "Join with the next", () => acts.merge(row), { keys: "G" });
};

const ofOccurrence = (row) => [
  bar("Decide",
    button("Accept", () => acts.accept(row), { keys: "Y", is: row.review === "accepted" }),
    button("Reject", () => acts.reject(row), { keys: "X" }),
    button("Split at the playhead", () => acts.split(desk.at, row), { keys: "S" }),
    join(row), marking(row)),
  ...(row.song_start === null ? [
    make("p", { className: "note", text: "It is not known what part of the song is heard, so it counts in film time alone." }),
    bar("Song time", button("Look for the song in it", () => acts.follow(row), { keys: "F" })),
  ] : []),
];
const ofRejected = () => [make("p", { className: "note", text: "It counts nowhere. Undo its rejection in the list of changes to take it back." })];
const ofCandidate = (row) => [
  make("p", { className: "note", text: "The song may be heard here; it was not counted." }),
  bar("Decide", button("Count it as an occurrence", () => acts.accept(row), { keys: "Y" })),
];

const ofSpeech = (row) => {
  const voices = make("select", { id: "voice-of" },
    make("option", { text: "no voice", value: "", selected: !row.voice }),
    ...desk.data.voices.map((voice) => make("option", { text: voiceName(desk.data, voice.id), value: voice.id, selected: voice.id === row.voice })));
  return [
    bar("Kind", ...KINDS.map((kind, i) => button(kind, () => acts.giveKind(kind, row), { keys: String(i + 1), is: row.kind === kind })),
      button("no speech", () => acts.reject(row), { keys: "5" })),
    bar("Cut", button("Split at the playhead", () => acts.split(desk.at, row), { keys: "S" }), join(row), marking(row)),
    make("div", { className: "bar" }, make("label", {}, make("span", { text: "voice" }), voices),
      button("Give it this voice", () => acts.giveVoice(voices.value || null, row))),
    ...(row.voice ? ofVoice(row.voice, row) : []),
  ];
};

const parting = (id, row) => {
  const n = desk.markedWith(row).filter((one) => one.voice === id).length;
  const text = n > 1 ? `Part the ${n} marked from ${id}` : `Part it from ${id}`;
  return bar("Parting", button(text, () => acts.partVoice(row), { keys: "D" }));
};

const ofVoice = (id, row) => {
  const voice = desk.data.voices.find((one) => one.id === id);
  if (!voice) return [];
  const [label, input] = field(`name of ${id}`, { id: "voice-name", value: voice.name ?? "", size: 16, maxlength: 200 });
  const narrates = make("input", { type: "checkbox", checked: voice.narrates === true });
  const form = make("form", { className: "bar", "aria-label": "Voice" }, label,
    make("label", {}, narrates, make("span", { text: "narrates" })), make("button", { text: "Name it" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    acts.act({ do: "name", id, name: input.value.trim() || null, narrates: narrates.checked ? true : voice.narrates === null ? null : false }, `Voice ${id} is named`);
    $("inspector").focus();
  });
  const others = desk.data.voices.filter((one) => one.id !== id);
  if (!others.length) return [form, parting(id, row)];
  const which = make("select", {}, ...others.map((one) => make("option", { text: voiceName(desk.data, one.id), value: one.id })));
  return [form, parting(id, row), make("div", { className: "bar" }, make("label", {}, make("span", { text: "same voice as" }), which),
    button("Join the voices", () => acts.act({ do: "merge_voices", ids: [which.value, id] }, "Voices joined")))];
};

const sceneForm = (text, row, submit) => {
  const [nameLabel, name] = field("scene", { id: "scene-name", value: row?.name ?? "", size: 16, maxlength: 200 });
  const [storyLabel, story] = field("story", { value: row?.story ?? "", size: 10, maxlength: 200 });
  const [dayLabel, day] = field("day", { value: row?.day ?? "", size: 6, maxlength: 200 });
  const form = make("form", { className: "bar", "aria-label": "Scene" }, nameLabel, storyLabel, dayLabel, make("button", { text }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit({ name: name.value.trim(), story: story.value.trim() || null, day: day.value.trim() || null });
    $("inspector").focus();
  });
  return form;
};
const ofScene = (row) => [
  sceneForm("Name it", row, (said) => acts.act({ do: "name", id: row.id, ...said }, "Scene is named")),
  bar("Scene", button("Remove the scene", () => acts.reject(row), { keys: "X" })),
];

const aboutRange = (range) => {
  if (!desk.data) return [];
  const given = range ?? { start: desk.at, end: Math.min(desk.data.film.duration_s, desk.at + 5) };
  const [startLabel, start] = field("from", { value: timecode(given.start, 3), size: 12 });
  const [endLabel, end] = field("to", { value: timecode(given.end, 3), size: 12 });
  const stretch = (send) => {
    const from = acts.typed(start.value);
    const to = acts.typed(end.value);
    if (from !== null && to !== null) send({ start_s: from, end_s: to });
  };
  const song = make("select", {}, ...desk.data.songs.map((one) => make("option", { text: titleOf(desk.data, one.id), value: one.id })));
  const add = (wish, words) => stretch((times) => acts.act({ do: "add", ...wish, ...times }, words));
  return [
    make("p", { className: "note", text: range ? "Add what is heard in it:" : "Choose a row of the table, or a stretch by [ and ] or on the drawing, or add what is heard here:" }),
    make("div", { className: "bar" }, startLabel, endLabel),
    ...(desk.data.songs.length ? [make("div", { className: "bar" }, make("label", {}, make("span", { text: "song" }), song),
      button("Add an occurrence", () => add({ song: song.value }, "Occurrence added")))] : []),
    bar("Add speech", ...KINDS.map((kind) => button(kind, () => add({ kind }, `${kind} added`)))),
    sceneForm("Add a scene", null, (said) => add(said, "Scene added")),
  ];
};
