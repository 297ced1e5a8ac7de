// The notebook of one person on one device, as one tab sees it: what stands, what waits, and every act on it.
import { Box } from "./box.js";
import { FileError, fromBase64, fromFile, toBase64, toFile } from "./files.js";
import { Outbox } from "./outbox.js";
import { read } from "./paths.js";
import { Roll } from "./roll.js";
import { sha256 } from "./seal.js";
import { BATCH, Sync } from "./sync.js";
import { uploadAll } from "./uploads.js";
import { at, ids, isRemoved, overlay } from "./view.js";

export class Notebook {
  // `others` tells the device's other tabs; `changed` redraws this one; `failed` hears why something could not be kept,
  // `final` that something is ready to be sent.
  constructor({ store, transport, lock, me, renew, uuid7, now = () => new Date(), others = () => {}, changed = () => {}, failed = () => {}, final = () => {} }) {
    Object.assign(this, { store, me, uuid7, now, others, changed, failed, final });
    Object.assign(this, { documents: new Map(), stored: [], recent: [], lacking: [], entries: [], photos: new Map(), faults: new Map(), reading: Promise.resolve() });
    this.outbox = new Outbox({ store, ids: uuid7, now });
    this.roll = new Roll({ store, queue: store.queued("said"), ids: uuid7, now, failed: (error) => this.noRoomForWhoCame(error) });
    this.sync = new Sync({
      store, transport, lock, me, renew, tell: (notes) => this.tell(notes), upload: (sync) => this.sendRest(sync),
    });
  }

  // Reads everything from the store anew, one reading after another.
  load() {
    return this.read(true);
  }

  // What waits is read before the records: words that were answered in between are in both, never in neither.
  read(all) {
    this.reading = this.reading.then(async () => {
      const known = this.recent.length;
      const stored = await this.store.all();
      await this.roll.load();
      const left = new Set(stored.map((entry) => entry.seq));
      if (all || this.stored.some((entry) => !left.has(entry.seq))) {
        this.documents = new Map((await this.store.documents()).map((document) => [document.event.id, document]));
      }
      for (const [note_id, document] of this.sync.unstored) {
        if (document.rev >= (this.documents.get(note_id)?.rev ?? 0)) this.documents.set(note_id, document);
      }
      this.photos = new Map((await this.store.photos()).map((photo) => [photo.sha, photo]));
      this.stored = stored;
      this.recent = this.recent.slice(known);
      this.lacking = this.missingPhotos();
      this.lay();
    });
    return this.reading;
  }

  // What was read, and what was kept since the reading began.
  lay() {
    const entries = new Map(this.outbox.entries(this.stored).map((entry) => [entry.op.op_id, entry]));
    for (const { op, kept_at } of this.recent) {
      entries.set(op.op_id, { seq: null, kept_at, tried: false, refused: false, ...entries.get(op.op_id), op });
    }
    this.entries = [...entries.values()];
  }

  remember(op) {
    this.recent.push({ op, kept_at: op.device_time });
    this.lay();
  }

  // After own words: only what waits is read anew, and not at every key.
  wrote(notes) {
    this.soon ??= new Promise((done) => { setTimeout(done, 150); }).then(async () => {
      this.soon = null;
      await this.read(false);
      this.changed(notes);
      this.others(notes);
    });
    return this.soon;
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

  box(note_id, path) {
    return new Box({
      outbox: this.outbox, note_id, path, context: () => this.context(note_id), failed: (error) => this.couldNotKeep(error),
      told: (op) => {
        if (op) this.remember(op);
        this.wrote([note_id]);
        if (op === null) this.final();
      },
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
      await this.read(false);
      this.changed([note_id]);
      this.others([note_id]);
      this.final();
    }
  }

  // No room: copies of photos that the server has make some; else the words stay on the screen and are said to.
  async couldNotKeep(error) {
    if (await this.makeRoom()) {
      const kept = await this.outbox.keepAgain().catch(() => false);
      if (kept) return;
    }
    this.lay();
    this.failed(error);
  }

  async makeRoom() {
    const spare = (await this.store.photos()).filter((photo) => !photo.own);
    for (const photo of spare) await this.store.removePhoto(photo.sha);
    return spare.length > 0;
  }

  // After what was written: who came, then the photos, which take long.
  async sendRest(sync) {
    await this.roll.send(sync);
    await uploadAll({ store: this.store, sync, faults: this.faults });
  }

  // Who came to an event: kept at once, and ready to be sent.
  async sayWhoCame(event_id, saids) {
    await this.roll.say(event_id, saids);
    this.changed([event_id]);
    this.others([event_id]);
    this.final();
  }

  async noRoomForWhoCame(error) {
    const kept = (await this.makeRoom()) && (await this.roll.keepAgain().then(() => true, () => false));
    if (!kept) this.failed(error);
  }

  // Everything that waits: words, and who came.
  get waits() {
    return [...this.entries, ...this.roll.entries];
  }

  // What is on this page and nowhere else.
  get unkept() {
    return this.outbox.unkept.size + this.roll.unkept.length;
  }

  async push() {
    if (this.outbox.unkept.size) await this.outbox.keepAgain().catch(() => this.sendUnkept());
    return this.sync.push();
  }

  async sendUnkept() {
    const operations = this.outbox.toSend().slice(0, BATCH);
    const took = await this.sync.direct(operations).catch(() => new Set());
    this.outbox.taken(took);
    for (const note_id of new Set(operations.map((op) => op.note_id))) await this.sync.pull([note_id]).catch(() => {});
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

  // Small copies of photos that others took, to look at without a network. One that is not there yet comes another time.
  async fetchPhotos() {
    for (const { note_id, sha } of this.lacking) {
      const { status, body } = await this.sync.ask("GET", `/my/notes/${note_id}/photos/${sha}/small`);
      if (status === 200 && body instanceof Uint8Array) await this.store.putPhoto({ sha, note_id, bytes: body, own: false });
    }
    await this.read(false);
    this.changed([]);
  }

  missingPhotos() {
    return [...this.documents.values()].flatMap((document) => photosOf(document)
      .filter((sha) => !this.photos.has(sha)).map((sha) => ({ note_id: document.event.id, sha })));
  }

  // A photo that the server can never take, on its writer's word.
  async discardPhoto(sha) {
    await this.store.removePhoto(sha);
    this.faults.delete(sha);
    await this.tell([]);
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
    return toFile({ account_id: this.store.account_id, made_at: this.now().toISOString(), operations, photos, said: this.roll.entries.map((entry) => entry.op) });
  }

  // Reads such a file in: how many pieces came that were not here. What the server has already it will say so.
  async fromFile(text) {
    const { operations, photos, said } = fromFile(text, this.store.account_id);
    for (const { sha, note_id, data } of photos) {
      const bytes = fromBase64(data);
      if ((await sha256(bytes)) !== sha) throw new FileError("A photo in this file is damaged. Choose an earlier copy of the file.");
      if (!this.photos.has(sha)) await this.store.putPhoto({ sha, note_id, bytes, own: true });
    }
    const here = new Set(this.entries.map((entry) => entry.op.op_id));
    const fresh = operations.filter((op) => !here.has(op.op_id));
    for (const op of fresh) await this.store.append(op);
    const known = new Set(this.roll.entries.map((entry) => entry.op.op_id));
    const told = said.filter((op) => !known.has(op.op_id));
    for (const op of told) await this.roll.queue.append(op);
    await this.tell([...new Set(fresh.map((op) => op.note_id))]);
    return fresh.length + told.length;
  }
}

// The photos that a record shows.
function photosOf(document) {
  const fields = document.form.sections.flatMap((section) => section.fields).filter((field) => field.kind === "photos");
  if (!document.values.some(({ path }) => path.endsWith(".sha"))) return [];
  const places = overlay(document, []);
  return document.values.flatMap(({ path, heads }) => {
    const place = read(path);
    const field = place.part === "sha" && fields.find((one) => one.key === place.field);
    return field && !isRemoved(places, field, place.person, place.item) ? heads.map((head) => head.value) : [];
  });
}
