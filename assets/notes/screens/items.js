// Fields that hold several things: lists to which people add, and fixed rows. Taking one out can be undone.
import { button, h, hidden, para } from "../dom.js";
import { write } from "../paths.js";
import { at, isRemoved, itemsOf, shown } from "../view.js";
import { inWords } from "../words.js";
import { Control } from "./control.js";
import { photoPart } from "./photos.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export const partKind = (part) => (part.kind === "choice" || part.kind === "person" ? "select" : part.kind);

export function partSpec(desk, field, owner, item, part) {
  const options = part.kind === "person" ? desk.people.map(({ id, name }) => ({ key: id, label: name })) : part.options;
  const kind = partKind(part);
  return { path: write({ field: field.key, person: owner, item, part: part.key }), kind, label: part.label, options, small: true };
}

// One item: its boxes, and the way to take it out.
export class Item {
  constructor(desk, field, owner, item, { parts = field.parts, before = [], word = field.label } = {}) {
    Object.assign(this, { desk, field, owner, item, word });
    this.controls = parts.map((part) => this.part(part));
    this.legend = h("legend", { class: "govuk-fieldset__legend govuk-fieldset__legend--s" });
    this.taken = h("p", { class: "note-taken", hidden: true });
    this.out = button(["Take out", hidden(` of ${word}`)], () => this.remove(true), "govuk-button--secondary note-item__out");
    this.inner = h("div", {}, before, this.controls.map((control) => control.node), this.out);
    this.node = h("fieldset", { class: "govuk-fieldset note-item" }, this.legend, this.inner, this.taken);
  }

  part(part) {
    if (part.key === "photo") return photoPart(this.desk, partSpec(this.desk, this.field, this.owner, this.item, part));
    return new Control(this.desk, partSpec(this.desk, this.field, this.owner, this.item, part));
  }

  path(part) {
    return write({ field: this.field.key, person: this.owner, item: this.item, part });
  }

  async remove(away) {
    await this.desk.notebook.write(this.desk.note_id, this.path("removed"), away);
    this.update(this.desk.places());
    if (away) this.taken.querySelector("button")?.focus();
    else this.controls[0]?.input?.first();
  }

  name(text) {
    this.legend.textContent = text;
  }

  // `gone`: it was taken out. Whoever took it out just now still sees where it was.
  update(places) {
    const gone = isRemoved(places, this.field, this.owner, this.item);
    if (gone && !this.gone) {
      this.taken.replaceChildren("Taken out. ", button(["Put it back", hidden(`: ${this.legend.textContent}`)], () => this.remove(false), "as-link note-undo"));
    }
    this.gone = gone;
    this.inner.hidden = gone;
    this.taken.hidden = !gone;
    this.out.hidden = Boolean(this.desk.locked(this.path("removed")));
    for (const control of this.controls) control.update(places);
  }
}

export class ListField {
  constructor(desk, field, owner) {
    Object.assign(this, { desk, field, owner, items: new Map() });
    this.list = h("div", { class: "note-items" });
    this.add = button(["Add one", hidden(` to ${field.label}`)], () => this.begin());
    this.others = h("div", { class: "note-others" });
    this.node = h("div", {}, this.list, this.add, this.others);
  }

  make(item) {
    const made = new Item(this.desk, this.field, this.owner, item);
    this.items.set(item, made);
    this.list.append(made.node);
    return made;
  }

  async begin() {
    const made = this.make(this.desk.notebook.uuid7());
    this.update(this.desk.places());
    const letter = this.field.parts.find((part) => part.key === "letter");
    made.controls[letter ? 1 : 0]?.input.first();
    if (letter) await this.giveLetter(made, letter);
  }

  // Pupils are called by letters: the next free one is there already.
  giveLetter(made, letter) {
    const places = this.desk.places();
    const used = [...this.items.values()].map((item) => shown(at(places, item.path("letter"))).value);
    const next = [...LETTERS].find((one) => !used.includes(one)) ?? "";
    return this.desk.notebook.write(this.desk.note_id, made.path(letter.key), next);
  }

  update(places) {
    for (const item of itemsOf(places, this.field, this.owner)) {
      if (!this.items.has(item) && !isRemoved(places, this.field, this.owner, item)) this.make(item);
    }
    let count = 0;
    for (const item of this.items.values()) {
      item.update(places);
      if (!item.gone) item.name(`${this.field.label.replace(/[ .…]+$/, "")} ${(count += 1)}`);
    }
    this.add.hidden = Boolean(this.desk.locked(write({ field: this.field.key, person: this.owner, item: "x", part: "what" })));
    this.others.replaceChildren(...othersWords(this.desk, this.field, places));
  }
}

export class RowsField {
  constructor(desk, field, owner) {
    this.rows = field.options.map((option) => {
      const row = new Item(desk, field, owner, option.key, { word: option.label });
      row.name(option.label);
      row.out.remove();
      return row;
    });
    this.node = h("div", { class: "note-items" }, this.rows.map((row) => row.node));
  }

  update(places) {
    for (const row of this.rows) row.update(places);
  }
}

// What the others wrote where each writes for themselves: to read.
export function othersWords(desk, field, places) {
  if (field.share !== "each") return [];
  const people = new Set();
  for (const [path, place] of places) {
    const owner = path.startsWith(`${field.key}/`) ? path.slice(field.key.length + 1, field.key.length + 37) : "";
    if (owner && owner !== desk.me && place.heads.length) people.add(owner);
  }
  return [...people].sort().map((owner) => h("div", { class: "note-other" },
    h("p", { class: "note-conflict__who" }, `${nameIn(desk, places, field, owner)} wrote:`), wordsOf(field, places, owner)));
}

function nameIn(desk, places, field, owner) {
  const known = desk.people.find((person) => person.id === owner);
  if (known) return known.name;
  const path = [...places.keys()].find((one) => one.startsWith(`${field.key}/${owner}`));
  return at(places, path).heads[0]?.by_name || "Somebody";
}

function wordsOf(field, places, owner) {
  if (!field.parts.length) return para(inWords(shown(at(places, write({ field: field.key, person: owner }))).value, field.options));
  const items = itemsOf(places, field, owner).filter((item) => !isRemoved(places, field, owner, item));
  return h("ul", { class: "govuk-list govuk-list--bullet" }, items.map((item) => h("li", {}, field.parts
    .map((part) => inWords(shown(at(places, write({ field: field.key, person: owner, item, part: part.key }))).value ?? "", part.options))
    .filter((words) => words !== "Nothing").join(" – "))));
}

