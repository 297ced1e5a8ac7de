// Unsent writing as a file, and back: the way out of a full device, and of one that never gets a network again.
import { read } from "./paths.js";

export const KIND = "halfterm-unsent-writing";
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export class FileError extends Error {}

export function toFile({ account_id, made_at, operations, photos, said = [] }) {
  return JSON.stringify({ what: KIND, version: 1, account_id, made_at, operations, photos, said }, null, 1);
}

// The operations and photos of a file; raises FileError with a sentence.
export function fromFile(text, account_id) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new FileError("This is not a file of unsent writing. Choose the one that you saved from Halfterm.");
  }
  if (found?.what !== KIND || !Array.isArray(found.operations)) {
    throw new FileError("This is not a file of unsent writing. Choose the one that you saved from Halfterm.");
  }
  if (found.account_id !== account_id) {
    throw new FileError("Somebody else saved this file. They can read it in after they sign in here.");
  }
  if (!found.operations.every(isOperation)) {
    throw new FileError("A part of this file is damaged, so nothing was read in. Choose an earlier copy of it.");
  }
  const said = Array.isArray(found.said) ? found.said.filter(isSaid) : [];
  return { operations: found.operations, photos: Array.isArray(found.photos) ? found.photos.filter(isPhoto) : [], said };
}

const isOperation = (op) =>
  op !== null && typeof op === "object" && ID.test(op.op_id) && ID.test(op.note_id) && typeof op.path === "string" && read(op.path) !== null
  && op.value !== undefined && Array.isArray(op.replaces) && op.replaces.every((one) => ID.test(one))
  && Number.isInteger(op.base_rev) && Number.isInteger(op.form_version) && !Number.isNaN(Date.parse(op.device_time));

const isSaid = (op) => [op?.op_id, op?.event, op?.guest].every((id) => ID.test(id)) && typeof op.state === "string" && !Number.isNaN(Date.parse(op.said_at));

const isPhoto = (photo) => /^[0-9a-f]{64}$/.test(photo?.sha) && ID.test(photo.note_id) && typeof photo.data === "string";

export function toBase64(bytes) {
  let text = "";
  for (let place = 0; place < bytes.length; place += 0x8000) text += String.fromCharCode(...bytes.subarray(place, place + 0x8000));
  return btoa(text);
}

export const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
