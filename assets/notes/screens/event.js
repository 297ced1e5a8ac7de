// What is known of an event: when, where, who, and what last time left for this one.
import { h, heading, say } from "../dom.js";
import { missing } from "../shell.js";
import { inWords } from "../words.js";

const row = (key, ...value) => (value.flat().some(Boolean)
  ? h("div", { class: "govuk-summary-list__row" }, h("dt", { class: "govuk-summary-list__key" }, key), h("dd", { class: "govuk-summary-list__value" }, value)) : null);

const lines = (texts) => texts.filter(Boolean).map((text) => h("span", { class: "note-line" }, text));

function joining(place) {
  if (!place.online || !/^https:\/\//.test(place.joining_link ?? "")) return null;
  return h("a", { class: "govuk-link", href: place.joining_link, rel: "noreferrer" }, "Join online");
}

const person = ({ name, part, school }) => [name, [part, school].filter(Boolean).join(", ")].filter(Boolean).join(": ");

export function details(document) {
  const { event } = document;
  const place = event.place ?? {};
  return h("div", {},
    h("dl", { class: "govuk-summary-list" },
      row("When", lines([event.day, event.hours])),
      row("Where", lines([place.online ? "Online" : "", place.name, place.address, place.notes]), joining(place)),
      row("Work Group", event.group),
      row("Who", lines(event.people.map(person))),
      row("Bring", event.bring)),
    lastTime(document.last_time));
}

const unstopped = (text) => text.trim().replace(/[.]+$/, "");

function taskWords(who, what, by, went) {
  const task = `${who}: ${unstopped(what)}${by ? `, by ${inWords(by)}` : ""}.`;
  return went ? `${task} How it went: ${went}` : task;
}

export function lastTime(before, level = 2) {
  if (!before) return null;
  const steps = before.next_steps.map((text) => h("li", {}, text));
  const tasks = before.tasks.map(({ who, what, by, went }) => h("li", {}, taskWords(who, what, by, went)));
  if (!steps.length && !tasks.length) return null;
  return h("div", { class: "note-last" },
    heading(`Agreed last time, ${before.day}`, level, "s"), h("ul", { class: "govuk-list govuk-list--bullet" }, steps, tasks));
}

// The mark that says whether this record would be there without a network; if not, what is missing.
export class Ready {
  constructor(app, note_id) {
    Object.assign(this, { app, note_id });
    this.node = h("p", { class: "note-ready" });
  }

  update() {
    const { notebook } = this.app;
    const photos = notebook.lacking.filter((one) => one.note_id === this.note_id).length;
    const lacking = missing({ shell: this.app.shell, document: notebook.documents.get(this.note_id), photos });
    say(this.node, lacking.length ? `Not ready for offline: ${lacking.join(", ")}.` : "Ready for offline");
    this.node.dataset.ready = lacking.length ? "no" : "yes";
  }
}
