// What the server says this device should hold: who is signed in, and the records of the next days.
import { become, forget } from "./session.js";

const KEPT_AFTER = 14 * 86_400_000; // milliseconds after an event, for records that the list names no more

// Asks who is signed in and takes their records in: {kind: same, other, ended, barred, offline or later, store}.
export async function refresh({ db, store, ask }) {
  let answer;
  try {
    answer = await ask("GET", "/my/notes/device");
  } catch {
    return { kind: "offline", store };
  }
  // Nobody, or somebody who writes no records: either way whoever wrote here is away, and so is their key.
  if (answer.status === 401 || answer.status === 403) {
    await forget(db);
    return { kind: answer.status === 401 ? "ended" : "barred", store: null };
  }
  if (answer.status !== 200) return { kind: "later", store };
  const kind = store?.account_id === answer.body.account_id ? "same" : "other";
  const current = kind === "same" ? store : await become(db, answer.body);
  try {
    await takeIn(current, answer.body);
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error; // a full device goes on with what it has, and sends
  }
  return { kind, store: current, me: meOf(answer.body) };
}

const meOf = ({ name, csrf, now, days }) => {
  const ahead = new Date(now).getTime() - Date.now(); // the device's clock may be wrong: the list goes by the server's
  return { name, csrf, now, days, ahead: Math.abs(ahead) < 60_000 ? 0 : ahead };
};

export async function takeIn(store, answer) {
  const { now, notes } = answer;
  await store.putFact("me", meOf(answer));
  const listed = new Set();
  for (const document of notes) {
    listed.add(document.event.id);
    const before = await store.document(document.event.id);
    if (!before || document.rev >= before.rev) await store.putDocument({ ...document, stale: before?.stale && document.rev === before.rev });
  }
  await tidy(store, listed, new Date(now).getTime());
}

// Records that the list names no more: long past ones go with their photos; others are asked for one by one. What waits keeps its record.
async function tidy(store, listed, now) {
  const waiting = new Set((await store.all()).map((entry) => entry.op.note_id));
  const photos = await store.photos();
  for (const photo of photos.filter((one) => one.own)) waiting.add(photo.note_id);
  for (const document of await store.documents()) {
    const { id, ends_at } = document.event;
    if (listed.has(id) || waiting.has(id)) continue;
    if (new Date(ends_at).getTime() > now - KEPT_AFTER) {
      await store.putDocument({ ...document, stale: true });
      continue;
    }
    await store.removeDocument(id);
    for (const photo of photos.filter((one) => one.note_id === id)) await store.removePhoto(photo.sha);
  }
}
