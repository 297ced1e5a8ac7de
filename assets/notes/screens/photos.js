// Photos of work: taken or chosen, made small, shown from the device, each with its caption.
import { button, h, hidden, newId, say } from "../dom.js";
import { write } from "../paths.js";
import { PictureError, smaller } from "../pictures.js";
import { at, isRemoved, itemsOf, shown } from "../view.js";
import { Control } from "./control.js";

// A picture out of the device's store. Its address lives as long as the screen does.
export class Picture {
  constructor(desk) {
    Object.assign(this, { desk, sha: "" });
    this.node = h("div", { class: "note-photo__frame" });
  }

  async show(sha, alt) {
    const known = this.desk.notebook.photos.has(sha);
    if (this.sha === sha && this.known === known) {
      if (this.image) this.image.alt = alt;
      return;
    }
    Object.assign(this, { sha, known });
    const bytes = sha && known ? await this.desk.notebook.store.photo(sha) : null;
    if (!bytes) {
      this.node.replaceChildren(sha ? h("p", { class: "note-photo__missing" }, "This photo is not on this device yet.") : "");
      return;
    }
    const address = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
    this.desk.leaving.push(() => URL.revokeObjectURL(address));
    this.image = h("img", { src: address, alt });
    this.node.replaceChildren(this.image);
  }
}

export function photoStatus(notebook, sha) {
  const photo = notebook.photos.get(sha);
  const because = notebook.faults.get(sha);
  if (because) return `Needs you: ${because}`;
  if (!photo) return "";
  if (!photo.own) return "Saved";
  return notebook.sync.busy ? "Sending" : "On this device";
}

// Whether the school lets photos be taken, and who does not want to be in them; a copy from before knows nothing of it.
function consent(desk) {
  return desk.photos?.() ?? { may: true, says: "" };
}

// Two ways to a photo: the camera, and one that was taken before.
function chooser(desk, many, take) {
  const fault = h("p", { class: "govuk-error-message", role: "alert" });
  const busy = h("p", { class: "note-status", role: "status" });
  const one = (text, more) => {
    const id = newId("photo");
    const input = h("input", { class: "note-file", type: "file", accept: "image/*", id, ...more, on: { change: () => takeAll(input) } });
    return h("div", { class: "note-choose" }, input, h("label", { class: "govuk-button govuk-button--secondary", for: id }, text));
  };
  async function takeAll(input) {
    const files = [...input.files];
    input.value = "";
    say(fault, "");
    say(busy, files.length ? "Making the photo ready" : "");
    for (const file of files) {
      try {
        await take(await desk.notebook.takePhoto(desk.note_id, await smaller(file)));
      } catch (error) {
        say(fault, error instanceof PictureError ? error.message
          : "This device is full, so the photo was not kept. It is still where you took it. Send or save what waits, then add it again.");
      }
    }
    say(busy, "");
  }
  return h("div", {}, fault, h("div", { class: "govuk-button-group" }, one("Take a photo", { capture: "environment" }), one("Choose a photo", { multiple: many })), busy);
}

export class PhotosField {
  constructor(desk, field, owner) {
    Object.assign(this, { desk, field, owner, items: new Map() });
    this.list = h("div", { class: "note-photos" });
    this.chooser = chooser(desk, true, (sha) => this.add(sha));
    this.word = h("p", { class: "govuk-hint" });
    this.node = h("div", {}, this.word, this.list, this.chooser);
  }

  path(item, part) {
    return write({ field: this.field.key, person: this.owner, item, part });
  }

  async add(sha) {
    const item = this.desk.notebook.uuid7();
    await this.desk.notebook.write(this.desk.note_id, this.path(item, "sha"), sha);
    this.update(this.desk.places());
    this.items.get(item)?.caption?.input.first();
  }

  make(item) {
    const picture = new Picture(this.desk);
    const part = this.field.parts.find((one) => one.key === "caption");
    const caption = part && new Control(this.desk, { path: this.path(item, "caption"), kind: "line", label: part.label, options: [], small: true });
    const status = h("p", { class: "note-status" });
    const out = button(["Take out", hidden(" this photo")], () => this.remove(item, true));
    const inner = h("div", {}, picture.node, status, caption?.node, out);
    const taken = h("p", { class: "note-taken", hidden: true }, "Photo taken out. ", button(["Put it back", hidden(" the photo")], () => this.remove(item, false), "as-link note-undo"));
    const node = h("div", { class: "note-photo" }, inner, taken);
    this.list.append(node);
    this.items.set(item, { picture, caption, status, out, inner, taken });
  }

  async remove(item, away) {
    await this.desk.notebook.write(this.desk.note_id, this.path(item, "removed"), away);
    this.update(this.desk.places());
    const { taken, out } = this.items.get(item);
    (away ? taken.querySelector("button") : out).focus();
  }

  update(places) {
    for (const item of itemsOf(places, this.field, this.owner)) {
      if (!this.items.has(item) && !isRemoved(places, this.field, this.owner, item)) this.make(item);
    }
    for (const [item, { picture, caption, status, out, inner, taken }] of this.items) {
      const gone = isRemoved(places, this.field, this.owner, item);
      inner.hidden = gone;
      taken.hidden = !gone;
      const { value: sha } = shown(at(places, this.path(item, "sha")));
      picture.show(sha, shown(at(places, this.path(item, "caption"))).value || "Photo without a caption");
      say(status, photoStatus(this.desk.notebook, sha));
      caption?.update(places);
      out.hidden = Boolean(this.desk.locked(this.path(item, "removed")));
    }
    const { may, says } = consent(this.desk);
    say(this.word, says);
    this.chooser.hidden = !may || Boolean(this.desk.locked(this.path("x", "sha")));
  }
}

// One photo in an item, such as that of a gap task.
export function photoPart(desk, spec) {
  const picture = new Picture(desk);
  const status = h("p", { class: "note-status" });
  const choose = chooser(desk, false, (sha) => desk.notebook.write(desk.note_id, spec.path, sha));
  const word = h("p", { class: "govuk-hint" });
  const node = h("div", { class: "govuk-form-group", role: "group", "aria-label": spec.label }, h("p", { class: "govuk-label" }, spec.label), word, picture.node, status, choose);
  return {
    node,
    input: { first: () => choose.querySelector("input").focus() },
    update(places) {
      const { value: sha } = shown(at(places, spec.path));
      picture.show(sha ?? "", spec.label);
      say(status, sha ? photoStatus(desk.notebook, sha) : "");
      const { may, says } = consent(desk);
      say(word, says);
      choose.hidden = !may || Boolean(desk.locked(spec.path));
    },
  };
}
