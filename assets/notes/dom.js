// Elements out of data. Text is only ever set as text: nothing that anybody wrote is read as markup.

export function h(name, given = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

let last = 0;
export const newId = (start) => `${start}-${(last += 1)}`;

export const button = (text, act, kind = "govuk-button--secondary", given = {}) =>
  h("button", { type: "button", class: `govuk-button ${kind}`, on: { click: act }, ...given }, text);

export const link = (text, href) => h("a", { class: "govuk-link", href }, text);

export const heading = (text, level = 2, size = "m") => h(`h${level}`, { class: `govuk-heading-${size}` }, text);

export const para = (text, kind = "govuk-body") => h("p", { class: kind }, text);

export const hidden = (text) => h("span", { class: "govuk-visually-hidden" }, text);

// What changes now and then: the same words are not said twice.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Hands a text to the person as a file.
export function saveAs(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const a = h("a", { href: address, download: name });
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
