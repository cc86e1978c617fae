// @ts-check
// Plotly arrives in pieces: read while nothing else is to be done, evaluated a little at a time, so that no picture waits.

const SLICE = 12; // milliseconds of one piece of work
const AGAIN = 2000; // milliseconds until it is sent for again where it did not come; then twice as many, and so on
export const CALM = 600; // milliseconds after the first picture before it is sent for

// Plotly itself, once it is here.
/** @type {{ plotly: any, coming: Promise<any> | null }} */
export const library = { plotly: null, coming: null };

/** @param {() => void} work */
export function whenIdle(work) {
  if (window.requestIdleCallback) requestIdleCallback(work, { timeout: 200 });
  else setTimeout(work, 16);
}

// Whether or not the script could be had.
/** @param {string} src */
function fetchScript(src) {
  return new Promise((done) => {
    document.head.append(Object.assign(document.createElement("script"), { src, onload: done, onerror: done }));
  });
}

// The modules in the order in which they need each other, so that each of them costs only itself.
/** @param {{ steps: (() => void)[], all: () => any }} pieces */
function evaluatePieces({ steps, all }) {
  return new Promise((done) => {
    let next = 0;
    const work = () => {
      const until = performance.now() + SLICE;
      while (next < steps.length && performance.now() < until) steps[next++]();
      if (next < steps.length) whenIdle(work);
      else done(all());
    };
    work();
  });
}

/** @param {string} url */
async function bringPlotly(url) {
  const page = /** @type {any} */ (window);
  for (let pause = AGAIN; url && !page.PlotlyParts; pause *= 2) {
    await fetchScript(url);
    if (!page.PlotlyParts) await new Promise((done) => setTimeout(done, pause));
  }
  return page.PlotlyParts ? evaluatePieces(page.PlotlyParts) : null;
}

// Resolves to it as soon as it could be had, or to null where no address is known: then the stills stay, and the next one who
// asks looks again.
/** @param {string} url */
export function plotly(url) {
  library.coming ||= bringPlotly(url).then((made) => {
    if (!made) library.coming = null;
    return (library.plotly = made);
  });
  return library.coming;
}
