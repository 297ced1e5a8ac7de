// The kinds of boxes: each gives a node, paints a value into it, and says what was written. It never changes what is being typed.
import { h } from "../dom.js";
import { same } from "../registers.js";

const KEYBOARD = { autocapitalize: "sentences", spellcheck: "true", autocomplete: "off" };

// A label, its hint, the box.
function labelled(control, node) {
  const label = h("label", { class: `govuk-label ${control.spec.small ? "" : "govuk-label--s"}`, for: control.id }, control.spec.label);
  return {
    node,
    head: (inner) => (control.part = h("div", {}, label, control.hint(), inner)),
    hide: (away) => { control.input.node.hidden = away; },
    lock: (because) => { node.readOnly = Boolean(because); node.disabled = Boolean(because) && node.tagName === "SELECT"; },
    first: () => node.focus(),
  };
}

// A fieldset with its legend, for several ticks.
function grouped(control, node, inputs) {
  const legend = h("legend", { class: `govuk-fieldset__legend ${control.spec.small ? "" : "govuk-fieldset__legend--s"}` }, control.spec.label);
  return {
    node,
    head: (inner) => h("fieldset", { class: "govuk-fieldset", "aria-describedby": control.describedBy() }, legend, control.hint(), inner),
    hide: (away) => { node.hidden = away; },
    lock: (because) => { for (const input of inputs()) input.disabled = Boolean(because); },
    first: () => inputs()[0]?.focus(),
  };
}

const listening = (control, read) => ({
  focus: () => control.focus(), blur: () => control.blur(), input: (event) => read(event.target),
});

function line(control, more = {}, format = (value) => value ?? "", parse = (text) => text) {
  const node = h("input", {
    class: "govuk-input", id: control.id, type: "text", enterkeyhint: "done", ...KEYBOARD, "aria-describedby": control.describedBy(), ...more,
    on: listening(control, (input) => {
      const value = parse(input.value);
      if (value !== undefined) control.typed(value);
    }),
  });
  return { ...labelled(control, node), paint: (value) => { if (node.value !== format(value)) node.value = format(value); } };
}

function text(control) {
  const node = h("textarea", {
    class: "govuk-textarea note-text", id: control.id, rows: control.spec.small ? 2 : 4, enterkeyhint: "enter", ...KEYBOARD,
    "aria-describedby": control.describedBy(), on: listening(control, (input) => control.typed(input.value)),
  });
  return { ...labelled(control, node), paint: (value) => { if (node.value !== (value ?? "")) node.value = value ?? ""; } };
}

const number = (control) => line(control, { inputmode: "numeric", class: "govuk-input govuk-input--width-5" }, (value) => (value ?? "").toString(), (words) => {
  const fine = /^\s*\d{0,5}\s*$/.test(words);
  control.complain(fine ? "" : "Write a whole number.");
  return fine ? (words.trim() ? Number(words) : null) : undefined;
});

const tagsOf = (words) => [...new Set(words.split(",").map((one) => one.trim()).filter(Boolean))];

const tags = (control) => line(control, { autocapitalize: "off" }, (value) => (value ?? []).join(", "), tagsOf);

function date(control) {
  const node = h("input", {
    class: "govuk-input note-date", id: control.id, type: "date", "aria-describedby": control.describedBy(),
    on: { change: (event) => control.chosen(event.target.value) },
  });
  return { ...labelled(control, node), paint: (value) => { if (node.value !== (value ?? "")) node.value = value ?? ""; } };
}

function select(control) {
  const options = [h("option", { value: "" }, "Choose"), ...control.spec.options.map(({ key, label }) => h("option", { value: key }, label))];
  const node = h("select", {
    class: "govuk-select", id: control.id, "aria-describedby": control.describedBy(), on: { change: (event) => control.chosen(event.target.value) },
  }, options);
  const paint = (value) => {
    const wanted = value ?? "";
    if (![...node.options].some((option) => option.value === wanted)) node.append(h("option", { value: wanted }, wanted));
    node.value = wanted;
  };
  return { ...labelled(control, node), paint };
}

function ticks(control, type, read, isOn) {
  const kind = type === "radio" ? "radios" : "checkboxes";
  const inputs = control.spec.options.map(({ key }, n) => h("input", {
    class: `govuk-${kind}__input`, type, name: control.id, id: `${control.id}-${n}`, value: key, on: { change: () => control.chosen(read(inputs)) },
  }));
  const node = h("div", { class: `govuk-${kind} govuk-${kind}--small` }, inputs.map((input, n) => h("div", { class: `govuk-${kind}__item` },
    input, h("label", { class: `govuk-label govuk-${kind}__label`, for: input.id }, control.spec.options[n].label))));
  return { ...grouped(control, node, () => inputs), paint: (value) => { for (const input of inputs) input.checked = isOn(value, input.value); } };
}

const choice = (control) => ticks(control, "radio", (inputs) => inputs.find((input) => input.checked)?.value ?? "", (value, key) => same(value, key));

const choices = (control) => ticks(
  control, "checkbox", (inputs) => inputs.filter((input) => input.checked).map((input) => input.value), (value, key) => (value ?? []).includes(key),
);

export const KINDS = { line, text, number, date, select, person: select, choice, choices, tags };
