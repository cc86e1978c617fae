// @ts-check
// Runs by digest: fetched once, tried again while the server is still making them.

const PATIENCE = 400, LONGEST = 4000; // milliseconds between two attempts
/** @type {Map<string, Uint8Array>} */
const fetched = new Map();

/** @param {number} time milliseconds */
const pause = (time) => new Promise((done) => setTimeout(done, time));

/**
 * The bytes of a run as far as it may be seen; null where it was given up because something else is shown.
 * @param {string} room the path of the room that shows it
 * @param {string} digest
 * @param {number | null} until the last frame that may be seen
 * @param {number | null} ends where the time axis ends then; null: it is the run that says
 * @param {() => boolean} current whether the run is still wanted
 * @returns {Promise<Uint8Array | null>}
 */
export async function runBytes(room, digest, until, ends, current) {
  const place = `${room}/run/${digest}${until === null ? "" : `/until/${until}`}${ends === null ? "" : `/to/${ends}`}`;
  for (let time = PATIENCE; current(); time = Math.min(LONGEST, 1.5 * time)) {
    if (!fetched.has(place)) {
      try {
        const answer = await fetch(place);
        if (answer.ok) fetched.set(place, new Uint8Array(await answer.arrayBuffer()));
      } catch {
        // no network; tried again
      }
    }
    if (fetched.has(place)) return fetched.get(place);
    await pause(time + Math.random() * time);
  }
  return null;
}
