// What a person sees of a record: what the server has, with what this device has not sent yet laid over it.
import { fold, same, textsApart } from "./registers.js";

export const OWN = 20; // of one's own operations on the way, the newest are named: each of them names those before
const NOTHING = Object.freeze({ heads: [], waiting: [], refused: [] });

export function overlay(document, entries) {
  const places = new Map(document.values.map((one) => [one.path, { heads: one.heads, waiting: [], refused: [] }]));
  const replaced = new Set();
  for (const entry of entries.filter((one) => one.op.note_id === document.event.id)) {
    const { op } = entry;
    const place = places.get(op.path) ?? { ...NOTHING };
    if (entry.refused) {
      places.set(op.path, { ...place, refused: [...place.refused, entry] });
      continue;
    }
    const known = place.heads.some((head) => head.op_id === op.op_id);
    const heads = known ? place.heads : fold(mine(op), place.heads, { replaced: replaced.has(op.op_id) }).heads;
    for (const one of op.replaces) replaced.add(one);
    places.set(op.path, { ...place, heads, waiting: [...place.waiting, entry] });
  }
  return places;
}

const mine = (op) => ({ op_id: op.op_id, value: op.value, replaces: op.replaces, by: "", by_name: "You", at: op.device_time });

export const at = (places, path) => places.get(path) ?? NOTHING;

// One value, or several that stand side by side until a person chooses.
export function shown(place) {
  const apart = textsApart(place.heads);
  return { value: apart.length ? apart[0].value : undefined, apart: apart.length > 1 ? apart : [], ids: ids(place) };
}

// Everything a writer has seen who looks at this place: what stands, and their own words on the way.
export function ids(place) {
  return [...new Set([...place.heads.map((head) => head.op_id), ...place.waiting.slice(-OWN).map((entry) => entry.op.op_id)])];
}

export function statusOf(place, sending) {
  if (place.refused.length || textsApart(place.heads).length > 1) return "needs";
  if (place.waiting.some((entry) => entry.unkept)) return "unkept";
  if (place.waiting.length) return sending && place.waiting.some((entry) => entry.tried) ? "sending" : "device";
  return place.heads.length ? "saved" : "";
}

// The items of a field, in the order in which they were begun; removed ones on demand.
export function itemsOf(places, field, person) {
  const start = `${field.key}${person ? `/${person}` : ""}#`;
  const found = new Set();
  for (const [path, place] of places) {
    if (path.startsWith(start) && (place.heads.length || place.refused.length)) found.add(path.slice(start.length).split(".")[0]);
  }
  return [...found].sort();
}

// An item that somebody put back while another took it out stays in sight.
export function isRemoved(places, field, person, item) {
  const { heads } = at(places, `${field.key}${person ? `/${person}` : ""}#${item}.removed`);
  return heads.length > 0 && heads.every((head) => same(head.value, true));
}

// What an acknowledged operation makes of the stored record, until the next one comes from the server.
export function taken(document, op, me) {
  const values = document.values.map((one) => ({ ...one }));
  let place = values.find((one) => one.path === op.path);
  if (!place) values.push((place = { path: op.path, heads: [] }));
  if (!place.heads.some((head) => head.op_id === op.op_id)) {
    const head = { op_id: op.op_id, value: op.value, replaces: op.replaces, by: me.person_id ?? "", by_name: me.name ?? "", at: op.device_time };
    place.heads = fold(head, place.heads).heads;
  }
  return { ...document, values, stale: true };
}
