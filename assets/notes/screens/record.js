// A record: what the event is, and its sections, one at a time.
import { h, heading, hidden, link, newId, para, say } from "../dom.js";
import { ownerOf, read, write } from "../paths.js";
import { statusOf } from "../view.js";
import { plural } from "../words.js";
import { Control } from "./control.js";
import { details, Ready } from "./event.js";
import { ListField, RowsField, othersWords } from "./items.js";
import { ClockField } from "./lesson_clock.js";
import { PhotosField } from "./photos.js";

const HELD = { list: ListField, rows: RowsField, clock: ClockField, photos: PhotosField };
const SHARES = { each: "Each of you writes here; everyone in this record can read it.", own: "Only you ever read this." };
const TAGS = { key: "tags", kind: "tags", label: "Tags", hint: "Words by which you find this again, with commas between them.", options: [], parts: [], share: "record" };

// What the widgets of an open record share.
function deskOf(app, note_id) {
  const { notebook } = app;
  const document = notebook.documents.get(note_id);
  const desk = { notebook, note_id, leaving: [], people: peopleOf(document.event), me: document.me.person_id, tag: null };
  desk.places = () => notebook.places(note_id);
  desk.photos = () => notebook.documents.get(note_id).photos;
  desk.locked = (path) => lockedAt(notebook.documents.get(note_id), path);
  return desk;
}

function peopleOf(event) {
  const everyone = [event.lead, event.teacher, ...event.people].filter(Boolean);
  return [...new Map(everyone.map((person) => [person.id, person])).values()];
}

// Why a place cannot be written in; one's own notes, tags and how a task went stay open when a record is agreed.
function lockedAt(document, path) {
  if (!document) return "This record is not on this device any more.";
  if (!document.locked) return "";
  const place = read(path);
  if (place.field === "tags" && document.state === "agreed") return "";
  const field = document.form.sections.flatMap((section) => section.fields).find((one) => one.key === place.field);
  const part = field?.parts.find((one) => one.key === place.part);
  return document.state === "agreed" && (field?.share === "own" || part?.after) ? "" : document.locked;
}

class SimpleField {
  constructor(desk, field, owner) {
    Object.assign(this, { desk, field });
    const hint = [field.hint, SHARES[field.share]].filter(Boolean).join(" ");
    this.control = new Control(desk, { path: write({ field: field.key, person: owner }), kind: field.kind, label: field.label, hint, options: field.options });
    this.others = h("div", { class: "note-others" });
    this.node = h("div", {}, this.control.node, this.others);
  }

  update(places) {
    this.control.update(places);
    this.others.replaceChildren(...othersWords(this.desk, this.field, places));
  }
}

// A field with items, under a heading of its own.
class HeldField {
  constructor(desk, field, owner) {
    this.inner = new HELD[field.kind](desk, field, owner);
    const id = newId("field");
    const hint = [field.hint, SHARES[field.share]].filter(Boolean).join(" ");
    this.node = h("section", { class: "note-field", "aria-labelledby": id },
      h("h2", { class: "govuk-heading-s", id }, field.label), hint ? h("div", { class: "govuk-hint" }, hint) : null, this.inner.node);
  }

  update(places) {
    this.inner.update(places);
  }
}

const fieldView = (desk, field) => new (HELD[field.kind] ? HeldField : SimpleField)(desk, field, ownerOf(field, desk.me));

function sectionsNav(document, note_id, here) {
  const entries = [{ key: "", title: "About" }, ...document.form.sections];
  return h("nav", { class: "note-sections", "aria-label": "Parts of this record" }, h("ul", {}, entries.map(({ key, title }) => {
    const given = { class: "govuk-link", href: `#/record/${note_id}${key ? `/${key}` : ""}` };
    if (key === here) given["aria-current"] = "page";
    return h("li", {}, h("a", given, title));
  })));
}

function neighbours(document, note_id, here) {
  const keys = ["", ...document.form.sections.map((section) => section.key)];
  const titles = ["About", ...document.form.sections.map((section) => section.title)];
  const place = keys.indexOf(here);
  const to = (n, word) => (keys[n] === undefined ? null : h("a", { class: "govuk-button govuk-button--secondary", href: `#/record/${note_id}${keys[n] ? `/${keys[n]}` : ""}` }, `${word}: ${titles[n]}`));
  return h("nav", { class: "note-bar", "aria-label": "Go on in this record" }, to(place - 1, "Back"), to(place + 1, "Next"));
}

// The words at the top: what waits of this record, whether two texts stand somewhere, whether it is closed.
function summary(app, note_id, places) {
  const document = app.notebook.documents.get(note_id);
  if (document.locked) return document.locked;
  const clashes = [...places].filter(([, place]) => statusOf(place, false) === "needs").map(([path]) => path);
  if (!clashes.length) return "";
  const titles = document.form.sections.filter((section) => section.fields.some((field) => clashes.some((path) => read(path).field === field.key))).map((section) => section.title);
  return `${plural(clashes.length, "place needs", "places need")} you${titles.length ? `, in ${titles.join(" and ")}` : ""}.`;
}

// Submitting and agreeing are for two people and the server: this leads to the page where it is done.
function onward(document) {
  const { event, may } = document;
  const words = may?.agree ? "Read it whole and agree it" : may?.submit ? "Read it whole and submit it" : "Read the whole record";
  return h("p", { class: "govuk-body" }, link(words, `/hubs/${encodeURIComponent(event.hub)}/events/${event.id}/note`), " (with a network, once everything is sent)");
}

// For whoever leads it: the list of who came.
function whoCame(app, note_id) {
  return app.notebook.roll.event(note_id) ? h("p", {}, h("a", { class: "govuk-button", href: `#/came/${note_id}` }, "Who came?")) : null;
}

export function recordScreen(app, [note_id, here = ""]) {
  const document = app.notebook.documents.get(note_id);
  if (!document) return missingScreen();
  const section = document.form.sections.find((one) => one.key === here);
  const desk = deskOf(app, note_id);
  const notice = h("p", { class: "note-notice", role: "status" });
  const views = section ? section.fields.map((field) => fieldView(desk, field)) : [new SimpleField(desk, TAGS, "")];
  const ready = section ? null : new Ready(app, note_id);
  const caption = `${document.event.heading}, ${document.event.day}`;
  const title = section ? section.title : document.event.heading;
  const bar = neighbours(document, note_id, here);
  if (desk.tag) bar.append(h("button", { type: "button", class: "govuk-button note-bar__tag", on: { click: () => desk.tag() } }, "Tag", hidden(" this moment of the lesson")));
  const node = h("div", { class: "note-record" },
    section ? h("p", { class: "govuk-caption-l" }, caption) : null,
    h("h1", { class: "govuk-heading-l", tabindex: "-1" }, title),
    notice, sectionsNav(document, note_id, here),
    section?.intro ? para(section.intro) : null,
    section ? null : [ready.node, whoCame(app, note_id), details(document), heading("Find it again")],
    views.map((view) => view.node), section && section !== document.form.sections.at(-1) ? null : onward(document), bar);
  const update = () => {
    if (!app.notebook.documents.has(note_id)) return;
    const places = desk.places();
    for (const view of views) view.update(places);
    say(notice, summary(app, note_id, places));
    ready?.update();
  };
  update();
  return { title: section ? `${section.title}, ${document.event.heading}` : title, node, update, leave: () => desk.leaving.forEach((act) => act()) };
}

function missingScreen() {
  const node = h("div", {}, h("h1", { class: "govuk-heading-l", tabindex: "-1" }, "This record is not on this device"),
    para("It may be further away than 14 days, or you no longer take part in it. With a network, open it from your hub's calendar."),
    h("p", { class: "govuk-body" }, link("My next 14 days", "#/")));
  return { title: "Not on this device", node, update() {}, leave() {} };
}

