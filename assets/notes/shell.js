// Whether this device could open the app without a network.

export const CACHE = "halfterm-notes-";

export async function shellIsKept() {
  if (!("caches" in globalThis) || !("serviceWorker" in navigator)) return false;
  const registered = await navigator.serviceWorker.getRegistration("/");
  if (!registered?.active) return false;
  return Boolean(await caches.match("/my/notes"));
}

export async function register(changed) {
  if (!("serviceWorker" in navigator)) return;
  try {
    const registered = await navigator.serviceWorker.register("/worker.js", { scope: "/", updateViaCache: "none" });
    const follow = (worker) => worker?.addEventListener("statechange", changed);
    follow(registered.installing);
    registered.addEventListener("updatefound", () => follow(registered.installing));
    await navigator.serviceWorker.ready;
  } catch {
    // Without it the app works while there is a network, and the mark says what is missing.
  }
  changed();
}

// What is missing for a record to be there without a network, in words; nothing when it is.
export function missing({ shell, document, photos }) {
  const lacking = [];
  if (!shell) lacking.push("the app itself is not stored on this device yet");
  if (!document) lacking.push("its record is not stored on this device yet");
  if (photos) lacking.push(photos === 1 ? "1 photo is not stored on this device yet" : `${photos} photos are not stored on this device yet`);
  return lacking;
}
