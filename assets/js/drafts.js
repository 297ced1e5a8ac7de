// Nothing typed is ever lost: a form with data-draft keeps its fields in this tab until they have been taken.
//
// On submit the draft is marked as sent. The next page tells what became of it: signed in and another page, or
// the same form without an error, means taken; the sign-in page or an error page means not taken, and it stays.
const KEY = "halfterm:draft:";
const SKIPPED = new Set(["hidden", "password", "file", "submit", "button"]);

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type));

function read(form) {
  return fieldsOf(form).map((field) => [field.name, field.value, field.checked ?? false]);
}

function restore(form, kept) {
  for (const field of fieldsOf(form)) {
    const match = kept.find(([name, value]) => name === field.name && (!isTick(field) || value === field.value));
    if (!match) continue;
    if (isTick(field)) field.checked = match[2];
    else field.value = match[1];
  }
}

const isTick = (field) => field.type === "checkbox" || field.type === "radio";

function settleSent(signedIn) {
  const sent = sessionStorage.getItem(`${KEY}sent`);
  if (!sent) return;
  sessionStorage.removeItem(`${KEY}sent`);
  if (signedIn && !document.querySelector(".govuk-error-summary")) sessionStorage.removeItem(sent);
}

export function keepDrafts() {
  settleSent(document.body.dataset.signedIn === "yes");
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = `${KEY}${location.pathname}#${form.dataset.draft}`;
    const kept = sessionStorage.getItem(key);
    if (kept && !form.querySelector(".govuk-form-group--error")) restore(form, JSON.parse(kept));
    form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify(read(form))));
    form.addEventListener("submit", () => sessionStorage.setItem(`${KEY}sent`, key));
  }
}
