// This device: how the app looks here, whether the browser promises to keep what is written, how to install it.
import { h, heading, link, newId, para, say } from "../dom.js";

async function promised() {
  if (!navigator.storage?.persisted) return "This browser does not say whether it keeps what is written. Send it often.";
  if (await navigator.storage.persisted()) return "This browser has promised to keep what you write until it is sent.";
  return "This browser may clear what waits here when the device is short of room, or after some days without a visit. Send it soon, and install the app if you can.";
}

async function room() {
  if (!navigator.storage?.estimate) return "";
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  const megabytes = (bytes) => `${Math.max(1, Math.round(bytes / 1_000_000)).toLocaleString("en-GB")} MB`;
  return quota ? `The notebook uses ${megabytes(usage)} of the ${megabytes(quota)} that this browser allows.` : "";
}

export function deviceScreen(app) {
  const id = newId("large");
  const large = h("input", { class: "govuk-checkboxes__input", type: "checkbox", id, on: { change: () => app.setLarge(large.checked) } });
  large.checked = app.large;
  const keeping = para("");
  const using = para("");
  const ready = para("");
  const update = () => say(ready, app.shell ? "The app is stored on this device: it opens without a network." : "The app is not stored on this device yet. Stay on a network for a moment.");
  promised().then((words) => say(keeping, words));
  room().then((words) => say(using, words));
  update();
  const node = h("div", {}, h("h1", { class: "govuk-heading-l", tabindex: "-1" }, "This device"),
    h("div", { class: "govuk-form-group" }, h("div", { class: "govuk-checkboxes" }, h("div", { class: "govuk-checkboxes__item" }, large,
      h("label", { class: "govuk-label govuk-checkboxes__label", for: id }, "Large buttons, for one hand")))),
    heading("What is kept here"), ready, keeping, using,
    para("Everything is locked with your sign-in. When you sign out, nothing of it can be read here; what was not sent waits for you."),
    heading("Install it"),
    para("On a phone or tablet: open your browser's menu and choose “Add to Home screen” or “Install app”. It then opens like any other app."),
    h("p", { class: "govuk-body" }, link("Go to all of Halfterm", "/")));
  return { title: "This device", node, update, leave() {} };
}
