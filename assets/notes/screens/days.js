// My next 14 days: every event with its place, its people and what was agreed last time; then the last 14.
import { h, heading, hidden, para } from "../dom.js";
import { plural } from "../words.js";
import { Ready, lastTime } from "./event.js";

const byTime = (a, b) => new Date(a.event.starts_at) - new Date(b.event.starts_at);

function where(place) {
  return [place?.online ? "Online" : "", place?.name, place?.online ? "" : place?.address].filter(Boolean).join(", ");
}

function card(app, document, marks) {
  const { event } = document;
  const waits = app.notebook.entries.filter((entry) => entry.op.note_id === event.id).length;
  const ready = new Ready(app, event.id);
  ready.update();
  marks.push(ready);
  const names = event.people.map((person) => person.name);
  return h("li", { class: "note-card" },
    h("h3", { class: "govuk-heading-s" }, h("a", { class: "govuk-link", href: `#/record/${event.id}` }, event.heading)),
    para(`${event.day}, ${event.hours}`),
    where(event.place) ? para(where(event.place)) : null,
    names.length ? para(someOf(names)) : null,
    lastTime(document.last_time, 4),
    app.notebook.roll.event(event.id) ? h("p", { class: "govuk-body" }, h("a", { class: "govuk-link", href: `#/came/${event.id}` }, "Who came", hidden(`: ${event.heading}`))) : null,
    waits ? h("p", { class: "note-status", "data-status": "device" }, `${plural(waits, "piece")} of writing on this device`) : null,
    ready.node);
}

const FEW = 4;

const someOf = (names) => (names.length > FEW + 1 ? `${names.slice(0, FEW).join(", ")} and ${names.length - FEW} more` : names.join(", "));

function part(app, title, documents, empty, marks) {
  return [heading(title), documents.length ? h("ul", { class: "note-cards" }, documents.map((one) => card(app, one, marks))) : para(empty)];
}

export function daysScreen(app) {
  const list = h("div", {});
  let marks = [];
  let drawn = "";
  const update = () => {
    const now = app.notebook.now();
    const all = [...app.notebook.documents.values()].sort(byTime);
    const key = JSON.stringify([all.map((one) => [one.event, one.rev, one.last_time]), app.notebook.entries.map((entry) => entry.op.note_id), app.notebook.roll.told.map((one) => one.event)]);
    if (key !== drawn) {
      drawn = key;
      marks = [];
      const coming = all.filter((one) => new Date(one.event.ends_at) >= now);
      const past = all.filter((one) => new Date(one.event.ends_at) < now).reverse();
      list.replaceChildren(
        ...part(app, "Coming", coming, "Nothing is in your calendar for the next 14 days. Meetings, visits and observations appear here by themselves.", marks).flat(),
        ...(past.length ? part(app, "Just past", past, "", marks).flat() : []));
    }
    for (const mark of marks) mark.update();
  };
  update();
  const node = h("div", {}, h("h1", { class: "govuk-heading-l", tabindex: "-1" }, "My next 14 days"), list);
  return { title: "My next 14 days", node, update, leave() {} };
}

