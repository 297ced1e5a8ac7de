// Two texts that stand at one place, side by side, until a person chooses. What is not chosen stays in the history.
import { button, h, hidden, para } from "../dom.js";
import { LONGEST } from "../paths.js";
import { inWords, joined, spoken } from "../words.js";

export class Conflict {
  constructor(control) {
    this.control = control;
    this.shown = "";
    this.node = h("div", { class: "note-conflict", hidden: true });
  }

  update(apart) {
    const key = apart.map((head) => head.op_id).join();
    if (key === this.shown) return;
    this.shown = key;
    this.node.hidden = !apart.length;
    this.node.setAttribute("role", apart.length ? "group" : "none");
    if (apart.length) this.node.setAttribute("aria-label", `Two texts for ${this.control.spec.label}`);
    else this.node.removeAttribute("aria-label");
    this.node.replaceChildren(...(apart.length ? this.both(apart) : []));
  }

  both(apart) {
    const { spec } = this.control;
    const where = hidden(` for ${spec.label}`);
    const both = joined(apart.map((head) => head.value), spec.kind);
    const fits = both !== null && (typeof both !== "string" || both.length <= (LONGEST[spec.kind] ?? Infinity));
    return [
      para(`${apart.length === 2 ? "Two" : apart.length} texts stand here, written without seeing each other. Choose what should stand. The rest stays in the history.`),
      h("div", { class: "note-conflict__sides" }, apart.map((head, n) => this.side(head, n))),
      h("div", { class: "govuk-button-group" },
        fits ? button(["Keep both", where], () => this.keep(both)) : null,
        button(["Write another", where.cloneNode(true)], () => this.another(fits ? both : apart[0].value))),
    ];
  }

  side(head, n) {
    const who = head.by_name || "Somebody";
    const when = Number.isNaN(Date.parse(head.at)) ? "" : `, ${spoken(new Date(head.at))}`;
    return h("div", { class: "note-conflict__side" },
      h("p", { class: "note-conflict__who" }, `${who}${when}`),
      h("blockquote", { class: "note-conflict__words" }, inWords(head.value, this.control.spec.options ?? [])),
      button([n ? "Keep the other" : "Keep this one", hidden(`, by ${who}`)], () => this.keep(head.value)));
  }

  async keep(value) {
    const { desk, spec, box } = this.control;
    await desk.notebook.write(desk.note_id, spec.path, value, box.seen);
    this.control.update();
    this.control.input.first();
  }

  // The box again, with what stands in it to work on; the first key settles it.
  another(value) {
    const { control } = this;
    control.another = true;
    control.update();
    control.input.paint(value);
    control.input.first();
  }
}
