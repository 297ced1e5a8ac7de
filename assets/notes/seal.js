// Sealing what the device stores: AES-GCM with the key that the server gives to whoever is signed in.

const encode = (text) => new TextEncoder().encode(text);

export const importKey = (bytes) => crypto.subtle.importKey("raw", bytes, { name: "AES-GCM" }, false, ["encrypt", "decrypt"]);

// `about` is bound in: a sealed thing cannot be moved to another place.
export async function seal(key, about, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encode(about) }, key, bytes);
  return { iv, box };
}

export async function open(key, about, sealed) {
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData: encode(about) }, key, sealed.box));
}

export const sealValue = (key, about, value) => seal(key, about, encode(JSON.stringify(value)));

export const openValue = async (key, about, sealed) => JSON.parse(new TextDecoder().decode(await open(key, about, sealed)));

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
