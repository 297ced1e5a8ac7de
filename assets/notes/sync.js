// Sends what waits, in order, and brings back what others wrote. Nothing leaves the outbox before the server answered for it.
import { taken } from "./view.js";

export const BATCH = 50;
export const FIRST_WAIT = 2000;
export const LONGEST_WAIT = 300_000;
export const TOO_MUCH = new Set([400, 413, 422]);

export class Stopped extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

// Milliseconds until the next try: twice as long each time, never two devices in step.
export const patience = (failures, chance = Math.random()) =>
  Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.max(0, failures - 1)) * (0.75 + chance / 2);

export class Sync {
  // `transport(method, path, body)` gives {status, body} or throws without a network; `lock(act)` lets one tab act at a time;
  // `me()` is {name, device_id, device_name, person_id}; `renew()` asks the server who is signed in: same, other or ended.
  constructor({ store, transport, lock, me, renew, tell = () => {}, upload = async () => {} }) {
    Object.assign(this, { store, transport, lock, me, renew, tell, upload, busy: false, failures: 0, unstored: new Map() });
  }

  // Sends all that waits, then reads what changed: done, offline, later, ended or other (somebody else is signed in).
  async push() {
    return this.lock(async () => {
      this.busy = true;
      try {
        await this.sendAll();
        await this.pull();
        await this.upload(this);
        this.failures = 0;
        return "done";
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        this.failures += 1;
        return error.kind;
      } finally {
        this.busy = false;
        await this.tell([]);
      }
    });
  }

  async sendAll() {
    let refused = false;
    const sent = new Set();
    for (;;) {
      const batch = (await this.store.take(BATCH)).filter((entry) => !sent.has(entry.seq));
      if (!batch.length) break;
      for (const { seq } of batch) sent.add(seq);
      this.tell([]);
      refused = (await this.send(batch)) || refused;
    }
    if (refused) await this.ask("POST", "/my/notes/operations", await this.envelope([]));
  }

  // Straight from this page, when the device has no room to keep it first: which of them the server took.
  async direct(operations) {
    return this.lock(async () => {
      const { status, body } = await this.ask("POST", "/my/notes/operations", await this.envelope(operations.map((op) => ({ op, seq: null }))));
      if (status !== 200) throw new Stopped("later");
      return new Set(body.answers.filter((answer) => answer.outcome !== "refused").map((answer) => answer.op_id));
    });
  }

  async envelope(batch) {
    const { device_id, device_name } = this.me();
    const sent = new Set(batch.map((entry) => entry.seq));
    const left = (await this.store.all()).filter((entry) => !sent.has(entry.seq));
    const waiting_since = left.length ? left[0].kept_at : null;
    return { device_id, device_name, waiting: left.length, waiting_since, operations: batch.map((entry) => entry.op) };
  }

  // Whether any was refused. A batch that cannot be read as a whole goes in halves, so that one stops none of the others.
  async send(batch) {
    const { status, body } = await this.ask("POST", "/my/notes/operations", await this.envelope(batch));
    if (status === 200) return this.settle(batch, body.answers ?? []);
    if (!TOO_MUCH.has(status)) throw new Stopped("later");
    if (batch.length === 1) return this.settle(batch, [{ op_id: batch[0].op.op_id, outcome: "refused", because: because(body) }]);
    const half = Math.ceil(batch.length / 2);
    const first = await this.send(batch.slice(0, half));
    return (await this.send(batch.slice(half))) || first;
  }

  async settle(batch, answers) {
    const said = new Map(answers.map((answer) => [answer.op_id, answer]));
    const answered = batch.filter((entry) => said.has(entry.op.op_id));
    if (!answered.length) throw new Stopped("later");
    const documents = new Map();
    const done = [];
    const refused = [];
    for (const entry of answered) {
      const answer = said.get(entry.op.op_id);
      if (answer.outcome === "refused") {
        refused.push({ ...entry, because: answer.because });
        continue;
      }
      done.push(entry.seq);
      const { note_id } = entry.op;
      const document = documents.get(note_id) ?? (await this.store.document(note_id));
      if (document) documents.set(note_id, taken(document, entry.op, this.me()));
    }
    for (const { op } of refused) {
      const document = documents.get(op.note_id) ?? (await this.store.document(op.note_id));
      if (document) documents.set(op.note_id, { ...document, stale: true });
    }
    await this.store.settle({ documents: [...documents.values()], done, refused });
    this.tell(answered.map((entry) => entry.op.note_id));
    return refused.length > 0;
  }

  // Reads every record anew that changed here; a record that this person may no longer read goes, unless words wait in it.
  async pull(also = []) {
    for (const { event, stale } of await this.store.documents()) {
      if (stale || also.includes(event.id)) await this.pullOne(event.id);
    }
  }

  async pullOne(note_id) {
    const { status, body } = await this.ask("GET", `/my/notes/${note_id}/record`);
    if (status === 200) await this.keep(body);
    else if (status === 403 || status === 404) await this.gone(note_id);
    else throw new Stopped("later");
    this.tell([note_id]);
  }

  async keep(document) {
    const before = await this.store.document(document.event.id);
    if (before && document.rev < before.rev) return;
    try {
      await this.store.putDocument({ ...document, stale: false });
      this.unstored.delete(document.event.id);
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      this.unstored.set(document.event.id, document); // no room: this page shows it all the same
    }
  }

  async gone(note_id) {
    const waits = (await this.store.all()).some((entry) => entry.op.note_id === note_id);
    const document = await this.store.document(note_id);
    if (!waits) await this.store.removeDocument(note_id);
    else await this.store.putDocument({ ...document, stale: false, locked: "You no longer take part in this." });
  }

  // One request; when the session's token was too old, once more with the new one.
  async ask(method, path, body, again = true) {
    let answer;
    try {
      answer = await this.transport(method, path, body);
    } catch {
      throw new Stopped("offline");
    }
    if (answer.status === 401) throw new Stopped("ended");
    if (answer.status === 403 && method !== "GET") {
      const now = again ? await this.renew() : "later";
      if (now !== "same") throw new Stopped(now);
      return this.ask(method, path, body, false);
    }
    if (answer.status === 429 || answer.status >= 500) throw new Stopped("later");
    return answer;
  }
}

export const because = (body) => body?.errors?.[0]?.because ?? body?.detail ?? "The server could not read this. Save it as a file and tell your hub.";
