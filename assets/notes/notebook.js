// The notebook of one person on one device, as one tab sees it: what stands, what waits, and every act on it.
import { Box } from "./box.js";
import { FileError, fromBase64, fromFile, toBase64, toFile } from "./files.js";
import { Outbox } from "./outbox.js";
import { sha256 } from "./seal.js";
import { Sync } from "./sync.js";
import { uploadAll } from "./uploads.js";
import { at, ids, overlay } from "./view.js";

export class Notebook {
  // `others` tells the device's other tabs; `changed` redraws this one; `failed` hears why something could not be kept.
  constructor({ store, transport, lock, me, renew, uuid7, now = () => new Date(), others = () => {}, changed = () => {}, failed = () => {} }) {
    Object.assign(this, { store, me, uuid7, now, others, changed, failed });
    Object.assign(this, { documents: new Map(), entries: [], photos: new Map(), faults: new Map(), reading: Promise.resolve() });
    this.outbox = new Outbox({ store, ids: uuid7, now });
    this.sync = new Sync({
      store, transport, lock, me, renew, tell: (notes) => { this.tell(notes); }, upload: (sync) => uploadAll({ store, sync, faults: this.faults }),
    });
  }

  // Reads everything from the store anew, one reading after another.
  load() {
    this.reading = this.reading.then(async () => {
      const [documents, stored, photos] = await Promise.all([this.store.documents(), this.store.all(), this.store.photos()]);
      this.documents = new Map(documents.map((document) => [document.event.id, document]));
      this.stored = stored;
      this.entries = this.outbox.entries(stored);
      this.photos = new Map(photos.map((photo) => [photo.sha, photo]));
    });
    return this.reading;
  }

  async tell(notes) {
    await this.load();
    this.changed(notes);
    this.others(notes);
  }

  places(note_id) {
    const document = this.documents.get(note_id);
    return document ? overlay(document, this.entries) : new Map();
  }

  context(note_id) {
    const document = this.documents.get(note_id);
    return { base_rev: document?.rev ?? 0, form_version: document?.form.version ?? 1 };
  }

  box(note_id, path, { told = () => {} } = {}) {
    return new Box({
      outbox: this.outbox, note_id, path, context: () => this.context(note_id), failed: (error) => this.couldNotKeep(error),
      told: (op) => { this.tell([note_id]).then(() => told(op)); },
    });
  }

  // Writes at once and for good: for buttons, and for what settles a conflict. `seen` is what its writer saw there.
  async write(note_id, path, value, seen = ids(at(this.places(note_id), path))) {
    this.outbox.seal(note_id, path);
    try {
      return await this.outbox.write({ note_id, path, value, seen, ...this.context(note_id) });
    } catch (error) {
      await this.couldNotKeep(error);
      return error.op;
    } finally {
      await this.tell([note_id]);
    }
  }

  // No room: copies of photos that the server has make some; else the words stay on the screen and are said to.
  async couldNotKeep(error) {
    if (await this.makeRoom()) {
      const kept = await this.outbox.keepAgain().catch(() => false);
      if (kept) return;
    }
    this.entries = this.outbox.entries(this.stored ?? []);
    this.failed(error);
  }

  async makeRoom() {
    const spare = (await this.store.photos()).filter((photo) => !photo.own);
    for (const photo of spare) await this.store.removePhoto(photo.sha);
    return spare.length > 0;
  }

  async push() {
    if (this.outbox.unkept.size) await this.outbox.keepAgain().catch(() => false);
    return this.sync.push();
  }

  // A refused piece again, as a new operation over what stands now.
  async again(seq) {
    const entry = this.entries.find((one) => one.seq === seq);
    const { op } = entry;
    const seen = ids(at(this.places(op.note_id), op.path));
    await this.store.reissue(seq, { ...this.outbox.anew(op, op.value, seen), ...this.context(op.note_id) });
    await this.tell([op.note_id]);
  }

  async discard(seq) {
    const entry = this.entries.find((one) => one.seq === seq);
    await this.store.drop([seq]);
    await this.tell([entry.op.note_id]);
  }

  async takePhoto(note_id, bytes) {
    const sha = await sha256(bytes);
    const photo = { sha, note_id, bytes, own: true };
    try {
      await this.store.putPhoto(photo);
    } catch (error) {
      if (!(await this.makeRoom())) throw error;
      await this.store.putPhoto(photo);
    }
    return sha;
  }

  // All that waits, photos too, as the text of a file.
  async toFile() {
    const photos = [];
    for (const { sha, note_id, own } of await this.store.photos()) {
      if (own) photos.push({ sha, note_id, data: toBase64(await this.store.photo(sha)) });
    }
    const operations = this.entries.map((entry) => entry.op);
    return toFile({ account_id: this.store.account_id, made_at: this.now().toISOString(), operations, photos });
  }

  // Reads such a file in: how many pieces came that were not here. What the server has already it will say so.
  async fromFile(text) {
    const { operations, photos } = fromFile(text, this.store.account_id);
    for (const { sha, note_id, data } of photos) {
      const bytes = fromBase64(data);
      if ((await sha256(bytes)) !== sha) throw new FileError("A photo in this file is damaged. Choose an earlier copy of the file.");
      if (!this.photos.has(sha)) await this.store.putPhoto({ sha, note_id, bytes, own: true });
    }
    const here = new Set(this.entries.map((entry) => entry.op.op_id));
    const fresh = operations.filter((op) => !here.has(op.op_id));
    for (const op of fresh) await this.store.append(op);
    await this.tell([...new Set(fresh.map((op) => op.note_id))]);
    return fresh.length;
  }
}
