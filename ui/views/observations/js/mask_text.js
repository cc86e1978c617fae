// @ts-check
// A mask as text, the same as in dmf_core.painted_mask: "m" and its bits, row by row, in the base64 of addresses.

/** @param {string} text @param {number} count */
export function unpack(text, count) {
  const bytes = atob(text.slice(1).replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from({ length: count }, (_, k) => (bytes.charCodeAt(k >> 3) >> (7 - (k & 7))) & 1);
}

/** @param {Uint8Array} mask */
export function pack(mask) {
  const bytes = new Uint8Array(Math.ceil(mask.length / 8));
  mask.forEach((observed, k) => {
    if (observed) bytes[k >> 3] |= 128 >> (k & 7);
  });
  return "m" + btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
