// Who uses this device. The key comes from the server and stays as long as the sign-in; without it nothing here can be read.
import { fromBase64 } from "./files.js";
import { importKey } from "./seal.js";
import { Store } from "./store.js";

// Nobody: every key goes; what was written stays, sealed, until its writer is back.
export async function forget(db) {
  const change = db.transaction(["who", "keys"], "readwrite");
  change.objectStore("who").clear();
  change.objectStore("keys").clear();
  await change.done;
}

// The store of whoever was here last and did not sign out; null for nobody.
export async function lastStore(db) {
  const who = await db.get("who", "me");
  const kept = who && (await db.get("keys", who.account_id));
  return kept ? new Store(db, who.account_id, kept.key) : null;
}

export const isStill = async (db, account_id) => (await db.get("who", "me"))?.account_id === account_id;

// Whoever the server says is signed in; everybody else's key goes.
export async function become(db, answer) {
  const key = await importKey(fromBase64(answer.key));
  const change = db.transaction(["who", "keys"], "readwrite");
  change.objectStore("keys").clear();
  change.objectStore("keys").put({ account_id: answer.account_id, key });
  change.objectStore("who").put({ id: "me", account_id: answer.account_id });
  await change.done;
  return new Store(db, answer.account_id, key);
}

export async function setting(db, name, otherwise) {
  return (await db.get("settings", name))?.value ?? otherwise;
}

export const putSetting = (db, name, value) => db.put("settings", { name, value });

// How much waits on this device, whoever wrote it: a number without a name.
export const waitingHere = async (db) => (await db.count("outbox")) + (await db.count("said"));

// This device's own id, made once.
export async function deviceId(db, uuid7) {
  const change = db.transaction("settings", "readwrite");
  const known = await change.store.get("device_id");
  const value = known?.value ?? uuid7();
  if (!known) change.store.put({ name: "device_id", value });
  await change.done;
  return value;
}

// A name by which its owner knows it: what the browser says of itself, in a few words.
export function deviceName(agent) {
  const what = /iPad/.test(agent) ? "iPad" : /iPhone/.test(agent) ? "iPhone" : /Android/.test(agent) ? "Android device"
    : /Mac OS X/.test(agent) ? "Mac" : /Windows/.test(agent) ? "Windows computer" : /CrOS/.test(agent) ? "Chromebook" : "Computer";
  const by = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrome\//.test(agent) ? "Chrome" : "Safari";
  return `${what}, ${by}`;
}
