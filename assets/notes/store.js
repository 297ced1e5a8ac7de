// The device's one database. Everything that holds anybody's words is sealed; what is not, are ids, places in the queue and flags.
import { openDB } from "idb";
import { open, openValue, seal, sealValue } from "./seal.js";

export const NAME = "halfterm-notes";

export function openDatabase({ blocked } = {}) {
  return openDB(NAME, 2, {
    upgrade(db, before) {
      const queue = (name) => db.createObjectStore(name, { keyPath: "seq", autoIncrement: true }).createIndex("account", "account_id");
      if (before < 2) queue("said");
      if (before > 0) return;
      db.createObjectStore("who", { keyPath: "id" });
      db.createObjectStore("keys", { keyPath: "account_id" });
      db.createObjectStore("settings", { keyPath: "name" });
      db.createObjectStore("facts", { keyPath: ["account_id", "name"] });
      db.createObjectStore("documents", { keyPath: ["account_id", "note_id"] });
      db.createObjectStore("photos", { keyPath: ["account_id", "sha"] });
      queue("outbox");
    },
    blocking: (_from, _to, event) => event.target.close(),
    blocked,
  });
}

const ofAccount = (account_id) => IDBKeyRange.bound([account_id], [account_id, []]);

// A full device cannot even mark what is tried: it is sent all the same, for sending is what makes room.
async function marked(change, rows) {
  try {
    await Promise.all([...rows.map((row) => change.store.put({ ...row, tried: true })), change.done]);
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
    await change.done.catch(() => {});
  }
}

// One account's things in the database, behind its key. `queue` is where its operations wait: outbox, or said for attendance.
export class Store {
  constructor(db, account_id, key, queue = "outbox") {
    Object.assign(this, { db, account_id, key, queue });
  }

  queued(queue) {
    return new Store(this.db, this.account_id, this.key, queue);
  }

  about(kind, id) {
    return `${kind} ${this.account_id} ${id}`;
  }

  sealed(kind, id, value) {
    return sealValue(this.key, this.about(kind, id), value);
  }

  async read(row) {
    const { op, because, kept_at } = await openValue(this.key, this.about("op", row.op_id), row);
    return { seq: row.seq, op, because, kept_at, tried: row.tried, refused: row.refused };
  }

  // Everything in the outbox, in order. What another key sealed is left alone.
  async all() {
    const rows = await this.db.getAllFromIndex(this.queue, "account", this.account_id);
    const read = await Promise.allSettled(rows.map((row) => this.read(row)));
    return read.filter((one) => one.status === "fulfilled").map((one) => one.value);
  }

  async row(op, { because = "", kept_at = new Date().toISOString(), tried = false, refused = false } = {}) {
    const box = await this.sealed("op", op.op_id, { op, because, kept_at });
    return { account_id: this.account_id, op_id: op.op_id, tried, refused, ...box };
  }

  async append(op) {
    const row = await this.row(op);
    const change = this.db.transaction(this.queue, "readwrite", { durability: "strict" });
    const [seq] = await Promise.all([change.store.add(row), change.done]);
    return seq;
  }

  // Puts newer words into an operation that was never tried: false when it was, or is gone.
  async rewrite(seq, op) {
    const row = await this.row(op);
    const change = this.db.transaction(this.queue, "readwrite", { durability: "strict" });
    const before = await change.store.get(seq);
    const free = Boolean(before) && !before.tried && !before.refused && before.op_id === op.op_id;
    if (free) change.store.put({ ...row, seq }).catch(() => {});
    await change.done;
    return free;
  }

  // The first that wait, marked as tried in the same step: from now on they are final.
  async take(most) {
    const change = this.db.transaction(this.queue, "readwrite");
    const rows = (await change.store.index("account").getAll(this.account_id)).filter((row) => !row.refused).slice(0, most);
    await marked(change, rows.filter((one) => !one.tried));
    return Promise.all(rows.map((row) => this.read({ ...row, tried: true })));
  }

  // In one step: answered operations go, their values stand in the records, refused ones stay with their because.
  async settle({ documents, done, refused }) {
    const kept = await Promise.all(documents.map((document) => this.documentRow(document)));
    const told = await Promise.all(refused.map(async (one) => ({ ...(await this.row(one.op, { ...one, tried: true, refused: true })), seq: one.seq })));
    try {
      await this.settled(done, told, kept);
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      await this.drop(done); // the server has these; the records come anew once there is room
    }
  }

  async settled(done, told, kept) {
    const change = this.db.transaction([this.queue, "documents"], "readwrite");
    const puts = () => [...told.map((row) => change.objectStore(this.queue).put(row)), ...kept.map((row) => change.objectStore("documents").put(row))];
    try {
      for (const seq of done) change.objectStore(this.queue).delete(seq);
      await Promise.all([...puts(), change.done]);
    } catch (error) {
      await change.done.catch(() => {});
      throw error;
    }
  }

  async drop(seqs) {
    const change = this.db.transaction(this.queue, "readwrite");
    for (const seq of seqs) change.store.delete(seq);
    await change.done;
  }

  // A refused operation, as a new one at the end.
  async reissue(seq, op) {
    const row = await this.row(op);
    const change = this.db.transaction(this.queue, "readwrite");
    change.store.delete(seq);
    change.store.add(row).catch(() => {});
    await change.done;
  }

  async documentRow(document) {
    const note_id = document.event.id;
    return { account_id: this.account_id, note_id, ...(await this.sealed("document", note_id, document)) };
  }

  async document(note_id) {
    const row = await this.db.get("documents", [this.account_id, note_id]);
    return row ? openValue(this.key, this.about("document", note_id), row) : null;
  }

  async documents() {
    const rows = await this.db.getAll("documents", ofAccount(this.account_id));
    const read = await Promise.allSettled(rows.map((row) => openValue(this.key, this.about("document", row.note_id), row)));
    return read.filter((one) => one.status === "fulfilled").map((one) => one.value);
  }

  async putDocument(document) {
    await this.db.put("documents", await this.documentRow(document));
  }

  removeDocument(note_id) {
    return this.db.delete("documents", [this.account_id, note_id]);
  }

  async fact(name) {
    const row = await this.db.get("facts", [this.account_id, name]);
    return row ? openValue(this.key, this.about("fact", name), row) : null;
  }

  async putFact(name, value) {
    await this.db.put("facts", { account_id: this.account_id, name, ...(await this.sealed("fact", name, value)) });
  }

  // A photo's bytes; `own`: it was taken here and waits until the server has it whole.
  async putPhoto({ sha, note_id, bytes, own }) {
    const box = await seal(this.key, this.about("photo", sha), bytes);
    const change = this.db.transaction("photos", "readwrite", { durability: "strict" });
    change.store.put({ account_id: this.account_id, sha, note_id, own, size: bytes.length, ...box }).catch(() => {});
    await change.done;
  }

  async photo(sha) {
    const row = await this.db.get("photos", [this.account_id, sha]);
    return row ? open(this.key, this.about("photo", sha), row) : null;
  }

  // What is known of each photo, without opening it.
  async photos() {
    const rows = await this.db.getAll("photos", ofAccount(this.account_id));
    return rows.map(({ sha, note_id, own, size }) => ({ sha, note_id, own, size }));
  }

  async photoIsWhole(sha) {
    const change = this.db.transaction("photos", "readwrite");
    const row = await change.store.get([this.account_id, sha]);
    if (row) change.store.put({ ...row, own: false }).catch(() => {});
    await change.done;
  }

  removePhoto(sha) {
    return this.db.delete("photos", [this.account_id, sha]);
  }
}
