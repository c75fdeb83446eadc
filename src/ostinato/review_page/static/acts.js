// What a person does to rows: each is one entry of the journal, by this page's last seen entry.
import { Refused, get, post } from "./api.js";
import { desk } from "./desk.js";
import { make, notice, say } from "./dom.js";
import { seconds, sentence, timecode } from "./words.js";

let chain = Promise.resolve();
export const pending = { n: 0 };

export const reload = async () => {
  desk.take(await get("/api/state"));
};

// one after another, so that each has seen the one before
export const act = (wish, words) => {
  chain = chain.then(() => send(wish, words)).catch((error) => {
    notice(String(error.message));
    say(`Not done: ${error.message}`);
  });
  return chain;
};

const send = async (wish, words) => {
  pending.n += 1;
  try {
    const answer = await post("/api/change", { last_seen: desk.data.last, ...wish }, {
      onWait: () => notice("This change is not saved yet: the server does not answer. It is sent again until it is, as long as this page stays open. If the command was started again, open the link that it printed in another window."),
    });
    notice();
    desk.take(answer.state);
    const row = answer.made.map((id) => desk.byId.get(id)).find(Boolean);
    if (row) desk.select(row);
    if (row && (row.end <= desk.view.start || row.start >= desk.view.end)) desk.reveal(row);
    const back = ["undo", "redo"].includes(wish.do) ? answer.state.changes.at(-1).words.replace(/^[^:]*: /, " ") : "";
    say(`${words}${back && `:${back}`}. ${row ? sentence(desk.data, row) : ""}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 409 && error.body.between) await conflict(error.body, wish, words);
    else {
      notice(error.message);
      say(`Not done: ${error.message}`);
    }
  } finally {
    pending.n -= 1;
  }
};

// somebody else was there first: nothing was written; show what, and let the person decide
const conflict = async ({ between, why }, wish, words) => {
  await reload();
  const again = make("button", { type: "button", text: "Make my change all the same", on: { click: () => { notice(); act({ ...wish, last_seen: desk.data.last }, words); } } });
  const leave = make("button", { type: "button", text: "Leave it", on: { click: () => { notice(); say("Left as it is"); } } });
  notice(why, make("ul", {}, ...between.map((text) => make("li", { name: text }))), again, leave);
  again.focus();
};

const needs = (row, ...what) => {
  if (row && what.includes(row.what)) return true;
  say(row ? `This cannot be done to: ${sentence(desk.data, row)}` : "Nothing is selected");
  return false;
};

export const accept = (row = desk.selected) => {
  if (row?.what === "candidate") return act({ do: "promote", id: row.id }, "Added as an occurrence");
  return needs(row, "occurrence") && act({ do: "accept", id: row.id }, "Accepted");
};
export const reject = (row = desk.selected) => {
  if (row?.what === "speech" || row?.what === "scene") return act({ do: "remove", id: row.id }, "Removed");
  return needs(row, "occurrence") && act({ do: "reject", id: row.id }, "Rejected");
};
export const move = (row, start, end) =>
  needs(row, "occurrence", "speech", "scene") && act({ do: "move", id: row.id, start_s: start, end_s: end }, "Moved");
export const nudge = (edge, by, row = desk.selected) => {
  if (!needs(row, "occurrence", "speech", "scene")) return null;
  const moved = { start: row.start, end: row.end };
  moved[edge] = Math.max(0, Math.min(desk.data.film.duration_s, Math.round((moved[edge] + by) * 1e6) / 1e6));
  return moved.end > moved.start ? move(row, moved.start, moved.end) : say("It would be empty");
};
export const setEdge = (edge, time, row = desk.selected) => {
  if (!needs(row, "occurrence", "speech", "scene")) return null;
  const moved = { start: row.start, end: row.end, [edge]: time };
  return moved.end > moved.start ? move(row, moved.start, moved.end) : say("It would be empty");
};
export const split = (at = desk.at, row = desk.selected) => {
  if (!needs(row, "occurrence", "speech")) return null;
  if (!(row.start < at && at < row.end)) return say(`${timecode(at)} is not within it: go to where it should be split`);
  return act({ do: "split", id: row.id, at_s: at }, `Split at ${timecode(at)}`);
};
export const merge = (row = desk.selected) => {
  if (!needs(row, "occurrence", "speech")) return null;
  const several = desk.markedWith(row);
  if (several.length > 1) return act({ do: "merge", ids: several.map((one) => one.id) }, `${several.length} joined`);
  const next = desk.following(row);
  return next ? act({ do: "merge", ids: [row.id, next.id] }, "Joined with the next") : say("Nothing follows it");
};
export const partVoice = (row = desk.selected) => {
  if (!needs(row, "speech") || !row.voice) return say("It has no voice");
  const ids = desk.markedWith(row).filter((one) => one.voice === row.voice).map((one) => one.id);
  return act({ do: "part_voice", id: row.voice, ids }, ids.length > 1 ? `${ids.length} have a voice of their own` : "It has a voice of its own");
};
export const giveVoice = (voice, row = desk.selected) => {
  for (const one of desk.markedWith(row)) act({ do: "give_voice", id: one.id, voice }, voice ? "Another voice" : "No voice");
};
// the program looks for the song within an occurrence whose song time nobody knows
export const follow = (row = desk.selected) =>
  needs(row, "occurrence") && (row.song_start === null ? act({ do: "follow", id: row.id }, "The song is being looked for") : say("Its song time is known"));
export const mark = (row = desk.selected) => {
  if (!needs(row, "occurrence", "speech")) return;
  desk.mark(row);
  say(`${row.marked ? "Marked" : "No longer marked"}: ${desk.marked.size} in all`);
};
export const giveKind = (kind, row = desk.selected) => needs(row, "speech") && act({ do: "kind", id: row.id, kind }, `Now ${kind}`);
export const undo = (sequence = null) => act({ do: "undo", sequence }, "Undone");
export const redo = () => act({ do: "redo" }, "Done again");

export const typedMove = (row, from, to) => {
  const [start, end] = [seconds(from), seconds(to)];
  if (start === null || end === null) return say("This is no time: write it as 1:02:03.5");
  return end > start ? move(row, start, end) : say("It would end before it begins");
};

export const typed = (text) => {
  const time = seconds(text);
  if (time === null) say("This is no time: write it as 1:02:03.5");
  return time;
};
