// The device's store in memory, with the same steps as assets/notes/store.js; `room` (characters) makes it full.

const copy = (value) => structuredClone(value);
const full = () => Object.assign(new Error("full"), { name: "QuotaExceededError" });

export class MemoryStore {
  constructor(account_id = "0194fdc2-0000-7000-8000-00000000000a") {
    Object.assign(this, { account_id, rows: new Map(), held: new Map(), pictures: new Map(), facts: new Map(), last: 0, room: Infinity });
  }

  queued(queue) {
    this.queues ??= new Map();
    if (!this.queues.has(queue)) this.queues.set(queue, new MemoryStore(this.account_id));
    return this.queues.get(queue);
  }

  // Every step waits a turn, so that others come between as they do in a browser.
  async turn() {
    await Promise.resolve();
  }

  used() {
    return JSON.stringify([...this.rows.values(), ...this.held.values()]).length;
  }

  put(seq, row) {
    const before = this.rows.get(seq);
    this.rows.set(seq, copy(row));
    if (this.used() <= this.room) return;
    if (before) this.rows.set(seq, before);
    else this.rows.delete(seq);
    throw full();
  }

  async all() {
    await this.turn();
    return [...this.rows.values()].map(copy);
  }

  async append(op) {
    await this.turn();
    const seq = ++this.last;
    this.put(seq, { seq, op, because: "", kept_at: op.device_time, tried: false, refused: false });
    return seq;
  }

  async rewrite(seq, op) {
    await this.turn();
    const before = this.rows.get(seq);
    if (!before || before.tried || before.refused || before.op.op_id !== op.op_id) return false;
    this.put(seq, { ...before, op });
    return true;
  }

  async take(most) {
    await this.turn();
    const rows = [...this.rows.values()].filter((row) => !row.refused).slice(0, most);
    for (const row of rows) row.tried = true;
    return rows.map(copy);
  }

  async settle({ documents, done, refused }) {
    await this.turn();
    for (const seq of done) this.rows.delete(seq);
    for (const one of refused) this.rows.set(one.seq, copy({ ...one, tried: true, refused: true }));
    for (const document of documents) this.held.set(document.event.id, copy(document));
  }

  async drop(seqs) {
    await this.turn();
    for (const seq of seqs) this.rows.delete(seq);
  }

  async reissue(seq, op) {
    await this.turn();
    this.rows.delete(seq);
    const next = ++this.last;
    this.put(next, { seq: next, op, because: "", kept_at: op.device_time, tried: false, refused: false });
  }

  async document(note_id) {
    await this.turn();
    return this.held.has(note_id) ? copy(this.held.get(note_id)) : null;
  }

  async documents() {
    await this.turn();
    return [...this.held.values()].map(copy);
  }

  async putDocument(document) {
    await this.turn();
    this.held.set(document.event.id, copy(document));
  }

  async removeDocument(note_id) {
    this.held.delete(note_id);
  }

  async fact(name) {
    return this.facts.get(name) ?? null;
  }

  async putFact(name, value) {
    this.facts.set(name, copy(value));
  }

  async putPhoto(photo) {
    if (this.used() + photo.bytes.length > this.room) throw full();
    this.pictures.set(photo.sha, { ...photo, size: photo.bytes.length });
  }

  async photo(sha) {
    return this.pictures.get(sha)?.bytes ?? null;
  }

  async photos() {
    return [...this.pictures.values()].map(({ sha, note_id, own, size }) => ({ sha, note_id, own, size }));
  }

  async photoIsWhole(sha) {
    const photo = this.pictures.get(sha);
    if (photo) photo.own = false;
  }

  async removePhoto(sha) {
    this.pictures.delete(sha);
  }
}

// One at a time, over all tabs of a device.
export function aLock() {
  let last = Promise.resolve();
  return (act) => {
    const mine = last.then(act, act);
    last = mine.catch(() => {});
    return mine;
  };
}
