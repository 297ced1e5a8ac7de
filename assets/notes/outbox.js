// What was written and not answered yet. Each word goes into the device's store before anything else happens to it.

const placeOf = (note_id, path) => `${note_id} ${path}`;

export class Outbox {
  // `store` keeps operations in order; `ids` makes UUIDv7s; `now` gives a Date.
  constructor({ store, ids, now = () => new Date() }) {
    Object.assign(this, { store, ids, now, open: new Map(), unkept: new Map() });
  }

  // Keeps a value and gives its operation. One that was never tried and whose place still has the caret is rewritten;
  // else a new one begins, which replaces `seen`: every operation whose value the writer saw at the place.
  async write({ note_id, path, value, seen, base_rev = 0, form_version = 1, caret = false }) {
    const place = placeOf(note_id, path);
    const before = this.open.get(place);
    if (before && covers(before.op, seen)) {
      const op = { ...before.op, value };
      if (await this.keep(place, op, before.seq)) {
        this.open.set(place, { seq: before.seq, op });
        return op;
      }
    }
    this.open.delete(place);
    const op = {
      op_id: this.ids(), note_id, path, value, replaces: [...seen], base_rev, form_version, device_time: this.now().toISOString(),
    };
    const seq = await this.keep(place, op, null);
    if (caret) this.open.set(place, { seq, op });
    return op;
  }

  // A full store throws: the words stay in `unkept`, and on the screen, until they found a place.
  async keep(place, op, seq) {
    try {
      const done = seq === null ? await this.store.append(op) : await this.store.rewrite(seq, op);
      this.unkept.delete(place);
      return done;
    } catch (error) {
      this.unkept.set(place, { op, seq, kept_at: this.now().toISOString() });
      error.op = op;
      throw error;
    }
  }

  // Tries again to keep what had no room: whether all of it is kept now.
  async keepAgain() {
    for (const [place, one] of [...this.unkept]) {
      const done = one.seq !== null && (await this.store.rewrite(one.seq, one.op));
      if (!done) await this.store.append(one.seq === null ? one.op : this.anew(one.op));
      if (this.unkept.get(place) === one) this.unkept.delete(place);
    }
    return this.unkept.size === 0;
  }

  // What had no room, to be sent straight away: under a number of its own where an older text of it is kept.
  toSend() {
    for (const [place, one] of this.unkept) if (one.seq !== null) this.unkept.set(place, { ...one, seq: null, op: this.anew(one.op) });
    return [...this.unkept.values()].map((one) => one.op);
  }

  taken(ids) {
    for (const [place, one] of [...this.unkept]) if (ids.has(one.op.op_id)) this.unkept.delete(place);
  }

  isUnkept(note_id, path) {
    return this.unkept.has(placeOf(note_id, path));
  }

  // What waits, with what had no room: as the screen shows it and a file keeps it.
  entries(stored) {
    const unkept = [...this.unkept.values()].map(({ op, kept_at }) => ({ seq: null, op, kept_at, tried: false, refused: false, unkept: true }));
    const newer = new Set(unkept.map((entry) => entry.op.op_id));
    return [...stored.filter((entry) => !newer.has(entry.op.op_id)), ...unkept];
  }

  // The same words as a new operation, after the one that was sent meanwhile or was refused.
  anew(op, value = op.value, seen = []) {
    const replaces = [...new Set([...op.replaces, op.op_id, ...seen])];
    return { ...op, op_id: this.ids(), value, replaces, device_time: this.now().toISOString() };
  }

  // The caret left, or the typing paused: from here on this operation is final.
  seal(note_id, path) {
    return this.open.delete(placeOf(note_id, path));
  }

  sealAll() {
    this.open.clear();
  }
}

const covers = (op, seen) => seen.every((id) => id === op.op_id || op.replaces.includes(id));
