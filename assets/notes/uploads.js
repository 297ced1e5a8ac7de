// Photos on their way: in pieces, from where the server left off. Words go first; a photo stays here until it is whole there.
import { Stopped } from "./sync.js";

export const PIECE = 256 * 1024; // bytes

// Sends every photo whose operation was answered; `faults` takes what the server would not have, by photo.
// Such a photo is tried again when the app is opened anew.
export async function uploadAll({ store, sync, faults = new Map() }) {
  const waiting = new Set((await store.all()).map((entry) => entry.op.value).filter((value) => typeof value === "string"));
  for (const photo of (await store.photos()).filter((one) => one.own && !waiting.has(one.sha) && !faults.has(one.sha))) {
    const because = await uploadOne(store, sync, photo);
    if (because) faults.set(photo.sha, because);
    sync.tell([photo.note_id]);
  }
}

async function uploadOne(store, sync, { sha, note_id }) {
  const here = `/my/notes/${note_id}/photos/${sha}`;
  const asked = await sync.ask("GET", `${here}/received`);
  let { received = 0, whole = false } = asked.status === 200 ? asked.body : {};
  const bytes = whole ? new Uint8Array() : await store.photo(sha);
  while (!whole) {
    const piece = bytes.slice(received, received + PIECE);
    const { status, body } = await sync.ask("PUT", `${here}?start=${received}&size=${bytes.length}`, piece);
    if (status >= 400 || body?.because) return body?.because || body?.detail || "The server could not take this photo.";
    if (!body.whole && body.received <= received) throw new Stopped("later");
    ({ received, whole } = body);
  }
  await store.photoIsWhole(sha).catch(() => store.removePhoto(sha)); // no room: the server has it
  return "";
}
