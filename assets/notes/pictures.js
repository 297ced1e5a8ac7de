// Photos made small on the device: drawn anew as JPEG, so that nothing but what can be seen goes with them.

export const LONGEST_SIDE = 2048; // pixels
const QUALITY = 0.82;

export class PictureError extends Error {}

export async function smaller(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new PictureError("This file is no photo that this device can read. Choose a JPEG or PNG picture.");
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const drawing = canvas.getContext("2d");
  drawing.fillStyle = "#ffffff";
  drawing.fillRect(0, 0, canvas.width, canvas.height);
  drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
  if (!blob) throw new PictureError("This device has no room to make the photo smaller. Close other apps and try again.");
  return new Uint8Array(await blob.arrayBuffer());
}
