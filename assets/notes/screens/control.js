// One place of a record as a control with its label, its status in words, and both texts when two people wrote at once.
import { h, hidden, newId, say } from "../dom.js";
import { WARNING, namesAPupil } from "../names.js";
import { LONGEST } from "../paths.js";
import { at, shown, statusOf } from "../view.js";
import { STATUS } from "../words.js";
import { Conflict } from "./conflict.js";
import { KINDS } from "./kinds.js";

// `spec` is {path, kind, label, hint, options, legend}; `desk` is the open record: {notebook, note_id, locked(path), people}.
export class Control {
  constructor(desk, spec) {
    Object.assign(this, { desk, spec, another: false, id: newId("box") });
    this.box = desk.notebook.box(desk.note_id, spec.path);
    this.status = h("p", { class: "note-status", id: `${this.id}-status` });
    this.fault = h("p", { class: "govuk-error-message", id: `${this.id}-fault`, hidden: true });
    this.warning = h("p", { class: "note-warning", id: `${this.id}-warning`, "aria-live": "polite" });
    this.input = KINDS[spec.kind](this);
    this.conflict = new Conflict(this);
    const about = [this.fault, this.input.node, this.warning];
    this.group = h("div", { class: "govuk-form-group" }, this.input.head(about), this.conflict.node, this.status);
    this.node = this.group;
    this.paint(undefined);
  }

  describedBy() {
    return [this.spec.hint && `${this.id}-hint`, `${this.id}-status`, `${this.id}-warning`].filter(Boolean).join(" ");
  }

  hint() {
    return this.spec.hint ? h("div", { class: "govuk-hint", id: `${this.id}-hint` }, this.spec.hint) : null;
  }

  // Typed under the caret: kept at once, final after a pause.
  typed(value) {
    this.warn(value);
    const most = LONGEST[this.spec.kind];
    const long = most && typeof value === "string" && value.length > most;
    this.complain(long ? `This is longer than ${most.toLocaleString("en-GB")} characters. Shorten it, or split it in two.` : "");
    this.box.type(value);
  }

  // Chosen with a tap: final at once.
  chosen(value) {
    this.box.type(value);
    this.box.seal();
    if (this.another) this.settled();
  }

  complain(text) {
    say(this.fault, text);
    this.fault.hidden = !text;
    this.group.classList.toggle("govuk-form-group--error", Boolean(text));
  }

  warn(value) {
    if (typeof value === "string") say(this.warning, namesAPupil(value) ? WARNING : "");
  }

  focus() {
    this.box.focus();
  }

  async blur() {
    await this.box.blur();
    if (this.another) this.settled();
    this.update();
  }

  settled() {
    this.another = false;
  }

  update(places = this.desk.places()) {
    const place = at(places, this.spec.path);
    if (this.box.paint(place)) this.paint(this.box.value);
    const { apart } = shown(place);
    const both = apart.length > 1 && !this.box.held && !this.another;
    this.conflict.update(both ? apart : []);
    this.input.hide(both);
    this.input.lock(this.desk.locked(this.spec.path));
    this.tell(place, apart);
  }

  paint(value) {
    this.input.paint(value);
    this.warn(value);
  }

  tell(place, apart) {
    const status = statusOf(place, this.desk.notebook.sync.busy);
    const refused = place.refused.at(-1);
    let words = STATUS[status];
    if (refused) words = `Needs you: ${refused.because}`;
    else if (apart.length > 1) words = "Needs you: two texts stand here. Choose one.";
    if (this.status.textContent === words) return;
    this.status.replaceChildren(words);
    if (refused) this.status.append(" ", h("a", { class: "govuk-link", href: "#/waiting" }, "What you wrote", hidden(` in ${this.spec.label}`)));
    this.status.dataset.status = status;
  }
}
