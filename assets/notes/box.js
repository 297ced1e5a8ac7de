// One place on the screen while somebody writes in it. It never changes what is under the caret, and it knows what its
// writer has seen: only that is replaced.
import { same } from "./registers.js";
import { shown } from "./view.js";

export const PAUSE = 5000; // milliseconds without a key: what stands is final

export class Box {
  constructor({ outbox, note_id, path, context, told = () => {}, failed = () => {}, later = setTimeout, stop = clearTimeout }) {
    Object.assign(this, { outbox, note_id, path, context, told, failed, later, stop });
    Object.assign(this, { seen: [], value: undefined, kept: undefined, held: false, writing: null, timer: null });
  }

  // Shows what stands there now: whether the screen may be changed to it.
  paint(place) {
    const { value, ids } = shown(place);
    const known = ids.every((id) => this.seen.includes(id));
    if (this.busy()) return false;
    if (this.held && !known) return false;
    this.seen = ids;
    const changed = !same(this.value, value);
    if (this.held && changed) return false;
    this.value = this.kept = value;
    return changed;
  }

  busy() {
    return this.writing !== null || !same(this.value, this.kept) || this.outbox.isUnkept(this.note_id, this.path);
  }

  focus() {
    this.held = true;
  }

  // Keeps every change at once; while one is being kept, the newest waits.
  type(value) {
    this.value = value;
    this.rest();
    return this.pump();
  }

  pump() {
    this.writing ??= this.run().finally(() => { this.writing = null; });
    return this.writing;
  }

  async run() {
    while (!same(this.value, this.kept)) {
      const value = this.value;
      try {
        const op = await this.outbox.write({ note_id: this.note_id, path: this.path, value, seen: this.seen, caret: this.held, ...this.context() });
        if (!this.seen.includes(op.op_id)) this.seen = [...this.seen, op.op_id];
        this.kept = value;
        this.told(op);
      } catch (error) {
        if (error.op && !this.seen.includes(error.op.op_id)) this.seen = [...this.seen, error.op.op_id];
        this.kept = value; // the outbox holds it as unkept; the next key tries again
        this.failed(error);
      }
    }
  }

  rest() {
    this.stop(this.timer);
    this.timer = this.later(() => this.seal(), PAUSE);
  }

  async seal() {
    this.stop(this.timer);
    await this.writing;
    this.outbox.seal(this.note_id, this.path);
    this.told(null);
  }

  async blur() {
    this.held = false;
    await this.seal();
  }
}
