// @ts-check
// What Python sends to a comparison: one line of JSON with the words and the lengths of the payloads, then the payloads.

/** @import { Run } from "../../js/types.d.ts" */

import { decode } from "../../js/data.js";

/**
 * The words, and every run by the id of its payload, to be decoded where it is new.
 * @param {any} data
 */
export function splitPayloads(data) {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
  const end = bytes.indexOf(10), text = (/** @type {Uint8Array} */ part) => new TextDecoder().decode(part);
  const head = JSON.parse(text(bytes.subarray(0, end)));
  let from = end + 1;
  /** @type {{ id: string, read: () => Run }[]} */
  const parts = head.lengths.map((/** @type {number} */ length) => {
    const body = bytes.subarray(from, from += length);
    return { id: text(body.subarray(7, 23)), read: () => decode(JSON.parse(text(body))) };
  });
  return { head, parts };
}
