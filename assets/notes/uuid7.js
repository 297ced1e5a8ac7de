// UUIDv7 (RFC 9562): by time, and always after the one made before, also when the device's clock goes back.

export function maker({ now = Date.now, fill = (bytes) => crypto.getRandomValues(bytes) } = {}) {
  let last = 0;
  let count = 0;
  return function uuid7() {
    const at = now();
    if (at > last) {
      last = at;
      count = 0;
    } else if (++count > 0xfff) {
      last += 1;
      count = 0;
    }
    const bytes = fill(new Uint8Array(16));
    for (let place = 0; place < 6; place++) bytes[place] = Math.floor(last / 256 ** (5 - place)) % 256;
    bytes[6] = 0x70 | (count >> 8);
    bytes[7] = count & 0xff;
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
}
