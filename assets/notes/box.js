// One place on the screen while somebody writes in it. It never changes what is under the caret, and it knows what its
// writer has seen: only that is replaced.
import { same } from "./registers.js";
import { OWN, shown } from "./view.js";

export const PAUSE = 5000; // milliseconds without a key: what stands is final

export class Box {
  constructor({ outbox, note_id, path, context, told = () => {}, failed = () => {}, later = (act, wait) => setTimeout(act, wait), stop = (timer) => clearTimeout(timer) }) {
    Object.assign(this, { outbox, note_id, path, context, told, failed, later, stop });
    Object.assign(this, { seen: [], own: [], value: undefined, kept: undefined, held: false, writing: null, timer: null });
  }

  // Shows what stands there now: whether the screen may be changed to it.
  paint(place) {
    const { value, ids } = shown(place);
    const known = ids.every((id) => this.seen.includes(id) || this.own.includes(id));
    if (this.busy()) return false;
    if (this.held && !known) return false;
    this.seen = ids;
    this.own = [];
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
        this.saw(op);
        this.kept = value;
        this.told(op);
      } catch (error) {
        if (error.op) this.saw(error.op);
        this.kept = value; // the outbox holds it as unkept; the next key tries again
        this.failed(error);
      }
    }
  }

  // The writer has seen their own words too; older ones of them are replaced by the newer already.
  saw(op) {
    if (this.own.includes(op.op_id)) return;
    const first = this.seen.filter((id) => !this.own.includes(id));
    this.own.push(op.op_id);
    this.seen = [...first, ...this.own.slice(-OWN)];
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
