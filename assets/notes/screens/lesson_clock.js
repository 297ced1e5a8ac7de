// The lesson clock: one tap starts, stops, begins a phase or tags a moment; the words come after.
import { elapsed, minutesSeconds, stateOf, timed } from "../clock.js";
import { button, h, say } from "../dom.js";
import { write } from "../paths.js";
import { at, isRemoved, itemsOf, shown } from "../view.js";
import { inWords } from "../words.js";
import { Item } from "./items.js";

const TURN = { ready: "Start the clock", running: "Pause", paused: "Go on" };

export class ClockField {
  constructor(desk, field, owner) {
    Object.assign(this, { desk, field, owner, items: new Map(), moments: [] });
    this.time = h("p", { class: "note-clock__time", role: "timer" }, "0:00");
    this.turn = button("", () => this.note(stateOf(this.moments) === "running" ? "pause" : "start"), "note-clock__turn");
    this.tag = button("Tag this moment", () => this.note("tag", true));
    this.phase = button("New phase", () => this.note("phase", true));
    this.list = h("ol", { class: "note-clock__moments" });
    this.buttons = h("div", { class: "govuk-button-group" }, this.turn, this.tag, this.phase);
    this.node = h("div", { class: "note-clock" }, this.time, this.buttons, this.list);
    const ticking = setInterval(() => this.tick(), 500);
    desk.leaving.push(() => clearInterval(ticking));
    desk.tag = () => this.note("tag", true);
  }

  path(item, part) {
    return write({ field: this.field.key, person: this.owner, item, part });
  }

  async note(what, words = false) {
    const { notebook, note_id } = this.desk;
    const item = notebook.uuid7();
    const now = notebook.now().toISOString();
    // The box is there with the tap: what is typed at once must not go nowhere, and phones open the keyboard only then.
    const made = this.make(item);
    this.list.append(made.row);
    if (words) made.controls[0]?.input.first();
    await notebook.write(note_id, this.path(item, "what"), what);
    await notebook.write(note_id, this.path(item, "at"), now);
    this.update(this.desk.places());
  }

  read(places) {
    return itemsOf(places, this.field, this.owner).map((item) => {
      const value = (part) => shown(at(places, this.path(item, part))).value ?? "";
      return { item, what: value("what"), at: value("at"), gone: isRemoved(places, this.field, this.owner, item) };
    });
  }

  make(item) {
    const parts = this.field.parts.filter((part) => part.key === "label");
    const made = new Item(this.desk, this.field, this.owner, item, { parts, word: "this moment" });
    made.row = h("li", {}, made.node);
    this.items.set(item, made);
    return made;
  }

  update(places) {
    const all = this.read(places);
    this.moments = all.filter((moment) => !moment.gone);
    const kinds = this.field.parts.find((part) => part.key === "what")?.options ?? [];
    const order = [];
    for (const moment of timed(all)) {
      const made = this.items.get(moment.item) ?? (moment.gone ? null : this.make(moment.item));
      if (!made) continue;
      const spent = minutesSeconds(elapsed(this.moments, Date.parse(moment.at)));
      made.name(`${spent} – ${inWords(moment.what, kinds)}`);
      made.update(places);
      order.push(made.row);
    }
    order.forEach((row, n) => { if (this.list.children[n] !== row) this.list.insertBefore(row, this.list.children[n] ?? null); });
    this.buttons.hidden = Boolean(this.desk.locked(this.path("x", "what")));
    this.tick();
  }

  tick() {
    const now = this.desk.notebook.now().getTime();
    say(this.time, minutesSeconds(elapsed(this.moments, now)));
    say(this.turn, TURN[stateOf(this.moments)]);
  }
}
