// The lanes of the timeline: which rows each holds, how high it is, and how its rows look.
import { KINDS, titleOf, voiceName } from "./words.js";

const KIND_INK = { narration: "--narration", dialogue: "--dialogue", soliloquy: "--soliloquy", undetermined: "--undetermined" };

const lane = (key, name, height, rows, look) => ({ key, name, height, rows, look, longest: rows.reduce((most, row) => Math.max(most, row.end - row.start), 0) });

export const lanesOf = (data) => {
  const of = (what) => data.rows.filter((row) => row.what === what);
  const occurrences = of("occurrence");
  const rejected = of("rejected");
  const lanes = data.songs.map((song, i) =>
    lane(`song:${song.id}`, song.title, 34, [...rejected, ...occurrences].filter((row) => row.song === song.id)
      .sort((a, b) => a.start - b.start), { ink: `--s${i % 8}`, shape: "diagonal", length: song.duration_s }));
  const add = (what, name, height, look) => {
    const rows = of(what);
    if (rows.length) lanes.push(lane(what, name, height, rows, look));
  };
  add("candidate", "faint candidates", 12, { ink: "--soft", shape: "outline" });
  add("singing", "singing", 12, { ink: "--soft", shape: "outline" });
  const speech = of("speech");
  for (const kind of KINDS) {
    const rows = speech.filter((row) => row.kind === kind);
    if (rows.length) lanes.push(lane(kind, kind, 14, rows, { ink: KIND_INK[kind], shape: kind === "undetermined" ? "outline" : kind === "soliloquy" ? "striped" : "block" }));
  }
  const voiced = speech.filter((row) => row.voice);
  if (voiced.length) {
    const order = new Map(data.voices.map((voice, i) => [voice.id, i]));
    lanes.push(lane("voices", "voices", 16, voiced, {
      ink: "--soft", shape: "named", name: (row) => voiceName(data, row.voice), step: (row) => (order.get(row.voice) ?? 0) % 3,
    }));
  }
  add("scene", "scenes", 16, { ink: "--soft", shape: "named", name: (row) => row.name, step: () => 0 });
  add("story", "stories", 16, { ink: "--soft", shape: "named", name: (row) => row.name, step: () => 0 });
  add("day", "days", 16, { ink: "--soft", shape: "named", name: (row) => row.name, step: () => 0 });
  return lanes;
};

// the first row that may reach a time, in rows sorted by their starts
export const firstReaching = (rows, longest, time) => {
  let low = 0;
  let high = rows.length;
  const least = time - longest;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].start < least) low = middle + 1;
    else high = middle;
  }
  return low;
};

export const songOf = (data, row) => titleOf(data, row.song);
