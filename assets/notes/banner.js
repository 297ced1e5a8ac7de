// Above every screen: what waits, what is wrong, in one place.
import { button, h, say } from "./dom.js";
import { longUnsent, rollWords, waitingWords } from "./words.js";

export class Banner {
  constructor(app) {
    this.app = app;
    this.full = h("div", { class: "note-banner note-banner--bad", role: "alert", hidden: true });
    this.old = h("div", { class: "note-banner", hidden: true });
    this.state = h("p", { class: "note-state", role: "status" });
    this.node = h("div", {}, this.full, this.old, this.state);
  }

  // No room for what was just written: it stays in its box, and this says the way out.
  cannotKeep(error) {
    const full = error.name === "QuotaExceededError";
    this.full.hidden = false;
    this.full.replaceChildren(
      h("p", {}, full ? "This device is full. Your last words are on this page and nowhere else yet." : "This browser could not keep your last words. They are on this page and nowhere else yet."),
      h("p", {}, "Save them as a file before you close this page. Then make some room on the device; Halfterm tries again by itself."),
      button("Save as a file", () => this.app.saveAsFile(), ""));
  }

  update() {
    const { notebook } = this.app;
    if (!notebook) {
      this.full.hidden = this.old.hidden = true;
      say(this.state, "");
      return;
    }
    if (!notebook.unkept) this.full.hidden = true;
    const old = longUnsent(notebook.waits, Date.now());
    this.old.hidden = !old;
    if (old && !this.old.dataset.said) this.old.replaceChildren(h("p", {}, old), h("a", { class: "govuk-link", href: "#/waiting" }, "Waiting to be sent"));
    say(this.state, this.words());
  }

  words() {
    const { notebook, online } = this.app;
    const waits = notebook.waits.length;
    const needs = notebook.waits.filter((entry) => entry.refused).length;
    const words = [notebook.entries.length ? waitingWords(notebook.entries.length) : "", rollWords(notebook.roll.entries.length)].filter(Boolean).join(". ");
    if (!online) return waits ? `No network. ${words}.` : "No network. Everything you wrote before is sent.";
    if (notebook.sync.busy && waits > needs) return "Sending";
    return waits ? `${words}${needs ? `; ${needs === 1 ? "1 needs" : `${needs} need`} you` : ""}.` : "Everything is sent.";
  }
}
