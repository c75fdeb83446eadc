// How rows and times are written for a person to read or to hear.
export const KINDS = ["narration", "dialogue", "soliloquy", "undetermined"];

export const timecode = (time, decimals = 2) => {
  const ticks = Math.round(Math.max(0, time) * 10 ** decimals);
  const whole = Math.floor(ticks / 10 ** decimals);
  const two = (n) => String(n).padStart(2, "0");
  const text = `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return decimals ? `${text}.${String(ticks % 10 ** decimals).padStart(decimals, "0")}` : text;
};

// "1:02:03.5", "2:03", "123.4" and a decimal comma; null for what is no time
export const seconds = (text) => {
  const found = /^\s*(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?)\s*$/.exec(text);
  if (!found) return null;
  return Number(found[1] ?? 0) * 3600 + Number(found[2] ?? 0) * 60 + Number(found[3].replace(",", "."));
};

export const titleOf = (data, id) => data.songs.find((song) => song.id === id)?.title ?? id;

export const voiceName = (data, id) => {
  const voice = data.voices.find((one) => one.id === id);
  return voice?.name ? `${voice.name} (${id})` : id;
};

export const laneOf = (data, row) => {
  if (row.what === "occurrence" || row.what === "rejected") return titleOf(data, row.song);
  if (row.what === "candidate") return "faint candidates";
  if (row.what === "speech") return row.kind;
  return { singing: "singing", scene: "scenes", story: "stories", day: "days" }[row.what];
};

export const nameOf = (data, row) => {
  if (row.what === "occurrence" || row.what === "rejected" || row.what === "candidate") {
    const song = row.song_start === null || row.song_start === undefined
      ? "song time not known" : `song ${timecode(row.song_start)} to ${timecode(row.song_end)}`;
    const lead = { occurrence: "occurrence", rejected: "rejected occurrence", candidate: "candidate" }[row.what];
    return `${lead} of ${titleOf(data, row.song)}, ${song}`;
  }
  if (row.what === "speech") return row.voice ? `${row.kind}, voice ${voiceName(data, row.voice)}` : row.kind;
  return row.name ?? row.what;
};

export const stateOf = (row) => {
  if (row.what === "occurrence") {
    return { accepted: "accepted", moved: "moved by hand", added: "added by hand" }[row.review] ?? "not reviewed";
  }
  if (row.what === "rejected") return "rejected";
  if (row.what === "candidate") return row.refused;
  if (row.what !== "speech") return "";
  const by = { label: "by a person", subtitles: "by subtitles", classifier: "by the classifier", prior: "nothing known" }[row.by];
  return by ?? "not decided";
};

export const sentence = (data, row) => {
  const state = stateOf(row);
  return `${laneOf(data, row)}: ${nameOf(data, row)}, ${timecode(row.start)} to ${timecode(row.end)}${state ? `, ${state}` : ""}${row.marked ? ", marked" : ""}`;
};
