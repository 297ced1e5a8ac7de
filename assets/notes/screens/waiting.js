// What waits to be sent, piece by piece in words, and the ways out: send it, keep it as a file, read one in.
import { button, h, heading, hidden, link, newId, para, saveAs, say } from "../dom.js";
import { FileError } from "../files.js";
import { fieldOf, nameOf, read } from "../paths.js";
import { STATUS, inWords, plural, rollWords, spoken, waitingWords } from "../words.js";
import { partKind } from "./items.js";

function wordsOf(notebook, { note_id, path, value }) {
  const place = read(path);
  const document = notebook.documents.get(note_id);
  const field = document && fieldOf(document.form.sections, place.field);
  const part = field?.parts.find((one) => one.key === place.part);
  if (place.part === "sha" || place.part === "photo") return "A photo";
  if (place.part === "at") return spoken(new Date(value));
  if (part && partKind(part) === "select" && part.kind === "person") return inWords(value, document.event.people.map(({ id, name }) => ({ key: id, label: name })));
  return inWords(value, part?.options ?? field?.options ?? []);
}

function statusWords(notebook, entry) {
  if (entry.refused) return `Needs you: ${entry.because}`;
  if (entry.unkept) return STATUS.unkept;
  return entry.tried && notebook.sync.busy ? STATUS.sending : STATUS.device;
}

function piece(app, entry) {
  const { notebook } = app;
  const document = notebook.documents.get(entry.op.note_id);
  const where = nameOf(document?.form.sections ?? [], entry.op.path);
  const act = (text, doing) => button([text, hidden(`: ${where}`)], doing);
  return h("li", { class: "note-card" },
    h("h3", { class: "govuk-heading-s" }, where),
    h("blockquote", { class: "note-conflict__words" }, wordsOf(notebook, entry.op)),
    para(`${document ? document.event.heading : "A record that is not on this device"}. Written ${spoken(new Date(entry.op.device_time))}.`, "govuk-hint"),
    h("p", { class: "note-status", "data-status": entry.refused ? "needs" : "device" }, statusWords(notebook, entry)),
    entry.refused ? h("div", { class: "govuk-button-group" },
      act("Send again", async () => { await notebook.again(entry.seq); app.sendSoon(0); }), link("Discard", `#/discard/${entry.seq}`)) : null);
}

const SAID = { present: "Here", part: "Here for part of it", absent: "Not here", stand_in: "Somebody else came", visitor: "A visitor", "": "Taken back" };

function saidWords(op) {
  const more = [op.name, op.school, op.minutes ? `${op.minutes} minutes` : "", op.because].filter(Boolean).join(", ");
  return `${SAID[op.state] ?? op.state}${more ? `: ${more}` : ""}`;
}

// Whose attendance it is, as far as this device knows them.
function guestOf(notebook, op) {
  const event = notebook.roll.event(op.event);
  const guest = [...(event?.guests ?? []), ...(event?.visitors ?? [])].find((one) => one.guest === op.guest);
  return { who: guest?.name ?? (op.name || "Somebody"), what: event ? `${event.heading}, ${event.day}` : "An event that is not on this device" };
}

function whoCame(app, entry) {
  const { notebook } = app;
  const { who, what } = guestOf(notebook, entry.op);
  const again = async () => { await notebook.roll.again(entry.seq); app.sendSoon(0); app.redraw([]); };
  return h("li", { class: "note-card" },
    h("h3", { class: "govuk-heading-s" }, who), para(saidWords(entry.op)),
    para(`${what}. Said ${spoken(new Date(entry.op.said_at))}.`, "govuk-hint"),
    h("p", { class: "note-status", "data-status": entry.refused ? "needs" : "device" }, statusWords(notebook, entry)),
    entry.refused ? h("div", { class: "govuk-button-group" },
      button(["Send again", hidden(`: ${who}`)], again), h("a", { class: "govuk-link", href: `#/discard-said/${entry.seq}` }, "Discard", hidden(`: ${who}`))) : null);
}

export function discardSaidScreen(app, [seq]) {
  const entry = app.notebook.roll.entries.find((one) => String(one.seq) === seq && one.refused);
  const discard = async () => {
    await app.notebook.roll.discard(entry.seq);
    location.hash = "#/waiting";
  };
  const node = h("div", {}, h("h1", { class: "govuk-heading-l", tabindex: "-1" }, entry ? "Discard what you said?" : "This is not here any more"),
    entry ? [para(`${guestOf(app.notebook, entry.op).who}: ${saidWords(entry.op)}. The server does not have it.`),
      h("div", { class: "govuk-button-group" }, button("Discard it", discard, "govuk-button--warning"), link("Keep it", "#/waiting"))]
      : h("p", {}, link("Waiting to be sent", "#/waiting")));
  return { title: "Discard", node, update() {}, leave() {} };
}

function photos(notebook) {
  const own = [...notebook.photos.values()].filter((photo) => photo.own);
  if (!own.length) return null;
  const refused = own.filter((photo) => notebook.faults.has(photo.sha));
  return [
    h("p", { class: "note-status", "data-status": "device" }, `${plural(own.length, "photo")} ${own.length === 1 ? "waits" : "wait"} to be sent.`),
    refused.map(({ sha, note_id }) => h("p", { class: "note-status", "data-status": "needs" },
      `Needs you: a photo of ${notebook.documents.get(note_id)?.event.heading ?? "a record"}. ${notebook.faults.get(sha)} `, link("Discard the photo", `#/discard/${sha}`))),
  ];
}

export function waitingScreen(app) {
  const said = h("p", { class: "govuk-body", role: "status" });
  const fault = h("p", { class: "govuk-error-message", role: "alert" });
  const list = h("div", {});
  const reading = newId("read");
  const input = h("input", { class: "govuk-file-upload", type: "file", id: reading, accept: "application/json,.json", on: { change: () => readIn(app, input, fault, said) } });
  const send = button("Send now", async () => { say(said, "Sending"); say(said, await app.sendNow()); }, "");
  const save = button("Save these as a file", () => app.saveAsFile());
  let drawn = "";
  const update = () => {
    const { entries, photos: held, sync, roll } = app.notebook;
    const key = JSON.stringify([entries, roll.entries, [...held.values()], sync.busy]);
    if (key === drawn) return;
    drawn = key;
    const needs = entries.filter((entry) => entry.refused);
    const others = entries.filter((entry) => !entry.refused);
    save.hidden = !entries.length && !roll.entries.length && ![...held.values()].some((photo) => photo.own);
    const redraw = [
      para(entries.length || !roll.entries.length ? `${waitingWords(entries.length)}.` : `${rollWords(roll.entries.length)}.`), photos(app.notebook),
      roll.entries.length ? [heading("Who came"), h("ul", { class: "note-cards" }, roll.entries.map((entry) => whoCame(app, entry)))] : [],
      needs.length ? [heading("Needs you"), h("ul", { class: "note-cards" }, needs.map((entry) => piece(app, entry)))] : [],
      others.length ? [heading("On this device"), h("ul", { class: "note-cards" }, others.map((entry) => piece(app, entry)))] : [],
    ];
    list.replaceChildren(...redraw.flat(3).filter(Boolean));
  };
  update();
  const node = h("div", {}, h("h1", { class: "govuk-heading-l", tabindex: "-1" }, "Waiting to be sent"),
    para("What you write is kept on this device first, and leaves this list only when the server has it."),
    h("div", { class: "govuk-button-group" }, send, save), said, list,
    h("div", { class: "govuk-form-group" }, h("label", { class: "govuk-label govuk-label--s", for: reading }, "Read in a file"),
      h("div", { class: "govuk-hint" }, "A file of unsent writing that you saved before, on this device or another."), fault, input));
  return { title: "Waiting to be sent", node, update, leave() {} };
}

async function readIn(app, input, fault, said) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  say(fault, "");
  try {
    const count = await app.notebook.fromFile(await file.text());
    say(said, count ? `${plural(count, "piece")} of writing read in.` : "Everything in this file is here already.");
    app.sendSoon(0);
  } catch (error) {
    say(fault, error instanceof FileError ? error.message : "There is no room on this device for what is in this file. Free some room and try again.");
  }
}

export function discardScreen(app, [seq]) {
  if (app.notebook.faults.has(seq)) return discardPhotoScreen(app, seq);
  const entry = app.notebook.entries.find((one) => String(one.seq) === seq && one.refused);
  const sections = entry ? app.notebook.documents.get(entry.op.note_id)?.form.sections ?? [] : [];
  const back = () => { location.hash = "#/waiting"; };
  const node = h("div", {},
    h("h1", { class: "govuk-heading-l", tabindex: "-1" }, entry ? "Discard this piece of writing?" : "This piece is not here any more"),
    entry ? [h("blockquote", { class: "note-conflict__words" }, wordsOf(app.notebook, entry.op)),
      para(`You wrote it for "${nameOf(sections, entry.op.path)}". The server does not have it, so after this nobody can bring it back.`),
      h("div", { class: "govuk-button-group" },
        button("Discard it", async () => { await app.notebook.discard(entry.seq); back(); }, "govuk-button--warning"), link("Keep it", "#/waiting"))]
      : h("p", {}, link("Waiting to be sent", "#/waiting")));
  return { title: "Discard", node, update() {}, leave() {} };
}

function discardPhotoScreen(app, sha) {
  const discard = async () => {
    await app.notebook.discardPhoto(sha);
    location.hash = "#/waiting";
  };
  const node = h("div", {},
    h("h1", { class: "govuk-heading-l", tabindex: "-1" }, "Discard this photo?"),
    para(`${app.notebook.faults.get(sha)} After this the photo is nowhere in Halfterm; take it out of its record too.`),
    h("div", { class: "govuk-button-group" }, button("Discard it", discard, "govuk-button--warning"), link("Keep it", "#/waiting")));
  return { title: "Discard", node, update() {}, leave() {} };
}
