// Who came: a card for each guest with four large buttons. What is tapped is kept at once, with or without a network.
import { button, h, hidden, link, newId, para, say } from "../dom.js";
import { countWords, everyoneElse } from "../roll.js";
import { STATUS, spoken } from "../words.js";

const CHOICES = [["present", "Here"], ["part", "Part"], ["absent", "Not here"], ["stand_in", "Stand-in"]];
const ANSWERS = { yes: "said yes", no: "said no", maybe: "said maybe", "": "" };
const EARLY = 3_600_000; // milliseconds before the start from which it can be said who is here

// A labelled box whose words are kept while they are typed.
function box(label, given, typed) {
  const id = newId("came");
  const input = h("input", { class: "govuk-input", type: "text", id, autocomplete: "off", ...given, on: { input: () => typed(input.value.trim()) } });
  const node = h("div", { class: "govuk-form-group", hidden: true }, h("label", { class: "govuk-label", for: id }, label), input);
  return { node, input, show: (on) => { node.hidden = !on; }, paint: (value) => { if (document.activeElement !== input && input.value !== value) input.value = value; } };
}

class Guest {
  constructor(desk, guest) {
    Object.assign(this, { desk, id: guest.guest, name: guest.name, asking: "", now: guest });
    this.buttons = CHOICES.map(([state, words]) => button([words, hidden(`: ${guest.name}`)], () => this.choose(state), "govuk-button--secondary note-came__choice", { "aria-pressed": "false" }));
    this.minutes = box(`Minutes ${guest.name} was there, of ${desk.minutes}`, { inputmode: "numeric", class: "govuk-input govuk-input--width-4" }, () => this.typed());
    this.because = box(`Why ${guest.name} is not here, if you know`, {}, () => this.typed());
    this.standIn = box(`Who came for ${guest.name}`, {}, () => this.typed());
    this.boxes = { part: this.minutes, absent: this.because, stand_in: this.standIn };
    this.status = h("p", { class: "note-status" });
    this.about = h("p", { class: "govuk-hint note-came__about" });
    this.node = h("li", { class: "note-card note-came__guest" },
      h("h2", { class: "govuk-heading-s" }, guest.name), this.about,
      h("div", { class: "note-came__choices", role: "group", "aria-label": `Was ${guest.name} here?` }, this.buttons),
      Object.values(this.boxes).map((one) => one.node), this.status);
  }

  // Pressed again, what was said is taken back. A part needs its minutes and a stand-in their name before it is said.
  choose(state) {
    if (!this.desk.ready()) return;
    const pressed = (this.asking || this.now.state) === state;
    this.asking = "";
    if (pressed) this.say({ state: "" });
    else if (state === "part" && !this.read("part").minutes) this.ask("part");
    else if (state === "stand_in" && !this.read("stand_in").name) this.ask("stand_in");
    else this.say(this.read(state));
    this.paint();
  }

  ask(state) {
    this.asking = state;
    this.boxes[state].show(true);
    this.boxes[state].input.focus();
  }

  read(state) {
    const minutes = Number(this.minutes.input.value);
    return {
      state,
      minutes: state === "part" && Number.isInteger(minutes) && minutes > 0 && minutes <= this.desk.minutes ? minutes : null,
      because: state === "absent" ? this.because.input.value.trim() : "",
      name: state === "stand_in" ? this.standIn.input.value.trim() : "",
    };
  }

  typed() {
    const state = this.asking || this.now.state;
    const said = this.read(state);
    if (this.desk.ready() && (state !== "part" || said.minutes) && (state !== "stand_in" || said.name)) {
      this.asking = "";
      this.say(said);
    } else this.tell();
  }

  say(said) {
    this.now = { ...this.now, ...said };
    this.desk.say([{ guest: this.id, ...said }]);
  }

  update(guest) {
    this.now = guest;
    if (guest.state) this.asking = this.asking === guest.state ? "" : this.asking;
    this.minutes.paint(guest.minutes ? String(guest.minutes) : "");
    this.because.paint(guest.state === "absent" ? guest.because : "");
    this.standIn.paint(guest.name_of_stand_in ?? "");
    const named = guest.name_of_stand_in && !guest.state ? `named ${guest.name_of_stand_in} to come instead` : "";
    say(this.about, [guest.school, ANSWERS[guest.answer], named, guest.expected ? "" : "not at work that day"].filter(Boolean).join(", "));
    this.paint();
  }

  paint() {
    const state = this.asking || this.now.state;
    CHOICES.forEach(([one], place) => this.buttons[place].setAttribute("aria-pressed", String(one === state)));
    for (const [one, held] of Object.entries(this.boxes)) held.show(one === state);
    this.tell();
  }

  tell() {
    const { refused, waits } = this.now;
    let [words, status] = [this.now.state ? STATUS.saved : "", "saved"];
    if (this.asking) [words, status] = [this.asking === "part" ? `Say how many of the ${this.desk.minutes} minutes.` : "Write who came.", "needs"];
    else if (refused) [words, status] = [`Needs you: ${refused.because}`, "needs"];
    else if (waits) [words, status] = waits.unkept ? [STATUS.unkept, "unkept"] : [waits.tried && this.desk.sending() ? STATUS.sending : STATUS.device, "device"];
    if (this.status.textContent === words) return;
    this.status.replaceChildren(words);
    if (refused && !this.asking) this.status.append(" ", link("What you said", "#/waiting"));
    this.status.dataset.status = status;
  }
}

class Visitor {
  constructor(desk, visitor) {
    this.status = h("p", { class: "note-status" });
    const out = () => desk.ready() && desk.say([{ guest: visitor.guest, name: visitor.name, school: visitor.school, state: "" }]);
    this.node = h("li", { class: "note-card note-came__guest" },
      h("h2", { class: "govuk-heading-s" }, visitor.name), h("p", { class: "govuk-hint note-came__about" }, ["Visitor", visitor.school].filter(Boolean).join(", ")),
      button(["Take out", hidden(`: ${visitor.name}`)], out), this.status);
  }

  update(visitor) {
    const { refused, waits } = visitor;
    say(this.status, refused ? `Needs you: ${refused.because}` : waits ? STATUS.device : STATUS.saved);
    this.status.dataset.status = refused ? "needs" : "saved";
  }
}

// Before its time nothing can be said; a late correction says once why. Until then no button does anything but ask for it.
class Gate {
  constructor({ late, starts_at }, now) {
    const id = newId("came");
    this.fault = h("p", { class: "govuk-error-message", id: `${id}-fault`, role: "alert" });
    this.input = h("input", { class: "govuk-input", type: "text", id, maxlength: "200", "aria-describedby": `${id}-hint` });
    this.node = h("div", { class: "govuk-form-group", hidden: !late },
      h("label", { class: "govuk-label govuk-label--s", for: id }, "Why is this corrected late?"),
      h("div", { class: "govuk-hint", id: `${id}-hint` }, "It is more than seven days ago, or a certificate rests on it. It stays in the history."), this.fault, this.input);
    this.early = h("p", { class: "note-notice", role: "status" });
    Object.assign(this, { late, now, opens: new Date(starts_at).getTime() - EARLY });
  }

  tooEarly() {
    const early = this.now().getTime() < this.opens;
    say(this.early, early ? `You can say who came from ${spoken(new Date(this.opens))}.` : "");
    return early;
  }

  ready() {
    if (this.tooEarly()) {
      this.early.scrollIntoView({ block: "center" });
      return false;
    }
    const lacking = this.late && !this.input.value.trim();
    say(this.fault, lacking ? "Say first why it is corrected late." : "");
    this.node.classList.toggle("govuk-form-group--error", Boolean(lacking));
    if (lacking) this.input.focus();
    return !lacking;
  }
}

function visitorForm(desk, uuid7) {
  const name = box("Name of the visitor", {}, () => {});
  const school = box("Their school or organisation, if you know", {}, () => {});
  const fault = h("p", { class: "govuk-error-message", role: "alert" });
  for (const one of [name, school]) one.show(true);
  const add = () => {
    const said = name.input.value.trim();
    say(fault, said ? "" : "Write the visitor's name.");
    if (!said) name.input.focus();
    if (!said || !desk.ready()) return;
    desk.say([{ guest: uuid7(), state: "visitor", name: said, school: school.input.value.trim() }]);
    name.input.value = school.input.value = "";
    name.input.focus();
  };
  return h("section", { class: "note-field", "aria-label": "A visitor" }, h("h2", { class: "govuk-heading-s" }, "Somebody else came"),
    fault, name.node, school.node, button("Add the visitor", add));
}

export function cameScreen(app, [event_id]) {
  const { roll } = app.notebook;
  const first = roll.event(event_id);
  if (!first) return missingScreen();
  const gate = new Gate(first, app.notebook.now);
  const desk = {
    minutes: first.minutes, ready: () => gate.ready(), sending: () => app.notebook.sync.busy,
    say: (saids) => app.notebook.sayWhoCame(event_id, saids.map((said) => ({ ...said, correction: gate.input.value.trim() }))),
  };
  const counts = h("p", { class: "note-notice", role: "status" });
  const everyone = button("Everyone else is here", () => gate.ready() && desk.say(everyoneElse(roll.event(event_id)).map(({ guest }) => ({ guest, state: "present" }))), "");
  const list = h("ul", { class: "note-cards" });
  const cards = new Map();
  const update = () => {
    const event = roll.event(event_id);
    if (!event) return;
    const visitors = event.visitors.filter((one) => one.state || one.refused);
    for (const one of [...event.guests, ...visitors]) {
      if (!cards.has(one.guest)) {
        cards.set(one.guest, event.guests.includes(one) ? new Guest(desk, one) : new Visitor(desk, one));
        list.append(cards.get(one.guest).node);
      }
      cards.get(one.guest).update(one);
    }
    const here = new Set([...event.guests, ...visitors].map((one) => one.guest));
    for (const [guest, card] of cards) if (!here.has(guest) && cards.delete(guest)) card.node.remove();
    say(counts, countWords(event));
    const left = everyoneElse(event).length;
    say(everyone, left ? `Everyone else is here (${left})` : "Everyone else is here");
    everyone.disabled = !left || gate.tooEarly();
  };
  update();
  const node = h("div", { class: "note-came" },
    h("p", { class: "govuk-caption-l" }, `${first.heading}, ${first.day}, ${first.hours}`),
    h("h1", { class: "govuk-heading-l", tabindex: "-1" }, "Who came?"), counts, gate.early, gate.node, everyone,
    para("Whoever answered no, or named a stand-in, is left for you to say.", "govuk-hint"), list, visitorForm(desk, app.uuid7),
    app.notebook.documents.has(event_id) ? h("p", { class: "govuk-body" }, link("The record of this", `#/record/${event_id}`)) : null);
  return { title: `Who came, ${first.heading}`, node, update, leave() {} };
}

function missingScreen() {
  const node = h("div", {}, h("h1", { class: "govuk-heading-l", tabindex: "-1" }, "Who came is not on this device"),
    para("This device keeps it for events that you lead, 14 days before and after. With a network, open the event from your hub's calendar."),
    h("p", { class: "govuk-body" }, link("My next 14 days", "#/")));
  return { title: "Not on this device", node, update() {}, leave() {} };
}
