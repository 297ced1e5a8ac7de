// Passkeys, on the pages that make or use one: <form data-passkey="make|use"> with a place for words and what to show.
//
// The server says what to sign, the browser asks its owner, the server checks. Every failure is one sentence with a way on.
const SAYS = {
  NotAllowedError: "Nothing was chosen, or it took too long. Try again, or use a link by e-mail.",
  InvalidStateError: "This device has a passkey for your account already. You can sign in with it.",
  SecurityError: "Passkeys do not work at this address of the server. Use a link by e-mail.",
  NotSupportedError: "This device cannot make the kind of passkey that is needed. Try another device, or use a link by e-mail.",
  AbortError: "It was stopped. Try again, or use a link by e-mail.",
};
const NOT_REACHED = "The server could not be reached. Look whether you are online, then try again.";
const ELSE = "That did not work. Try again, or use a link by e-mail.";

class Refused extends Error {}

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function ask(address, body, csrf) {
  const headers = { "Accept": "application/json", "Content-Type": "application/json" };
  if (csrf) headers["X-CSRF-Token"] = csrf;
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(said.detail || ELSE);
  return said;
}

async function make(form) {
  const csrf = form.elements.csrf.value;
  const publicKey = await ask("/my/account/passkeys/begin", {}, csrf);
  publicKey.challenge = toBytes(publicKey.challenge);
  publicKey.user.id = toBytes(publicKey.user.id);
  for (const known of publicKey.excludeCredentials ?? []) known.id = toBytes(known.id);
  const made = await navigator.credentials.create({ publicKey });
  const response = {
    clientDataJSON: toText(made.response.clientDataJSON),
    attestationObject: toText(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  };
  const sent = { name: form.elements.name.value, back: form.elements.back.value, credential: asSent(made, response) };
  return ask("/my/account/passkeys", sent, csrf);
}

async function use(form) {
  const publicKey = await ask("/sign-in/passkey/begin", {});
  publicKey.challenge = toBytes(publicKey.challenge);
  publicKey.allowCredentials = [];
  const used = await navigator.credentials.get({ publicKey });
  const response = {
    clientDataJSON: toText(used.response.clientDataJSON),
    authenticatorData: toText(used.response.authenticatorData),
    signature: toText(used.response.signature),
    userHandle: used.response.userHandle ? toText(used.response.userHandle) : null,
  };
  return ask("/sign-in/passkey/use", { back: form.elements.back.value, credential: asSent(used, response) });
}

const asSent = (credential, response) => ({
  id: credential.id, rawId: toText(credential.rawId), type: credential.type, response,
  clientExtensionResults: credential.getClientExtensionResults(),
});

function words(error) {
  if (error instanceof Refused) return error.message;
  if (error instanceof TypeError) return NOT_REACHED;
  return SAYS[error.name] ?? ELSE;
}

function watch(form) {
  const says = form.querySelector("[data-passkey-says]");
  let busy = false;
  form.querySelector("[data-passkey-shown]").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    says.textContent = "";
    try {
      const { location: next } = await (form.dataset.passkey === "make" ? make(form) : use(form));
      location.assign(next);
    } catch (error) {
      says.textContent = words(error);
      form.querySelector("button").focus();
    } finally {
      busy = false;
    }
  });
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const without of document.querySelectorAll("[data-passkey-without]")) without.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) watch(form);
}
