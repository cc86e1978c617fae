// @ts-check
// Plotly arrives in pieces: read while nothing else is to be done, evaluated a little at a time, so that no picture waits.

const SLICE = 12; // milliseconds of one piece of work
export const CALM = 600; // milliseconds after the first picture before it is sent for

// Plotly itself, once it is here.
/** @type {{ plotly: any, coming: Promise<any> | null }} */
export const library = { plotly: null, coming: null };

/** @param {() => void} work */
export function whenIdle(work) {
  if (window.requestIdleCallback) requestIdleCallback(work, { timeout: 200 });
  else setTimeout(work, 16);
}

/** @param {string} url */
function fetchScript(url) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: url, async: true, onload: done, onerror: failed });
    document.head.append(script);
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

// Plotly, or null where it cannot be had: then the stills stay.
/** @param {string} url */
async function bringPlotly(url) {
  try {
    const page = /** @type {any} */ (window);
    if (!page.PlotlyParts && url) await fetchScript(url);
    return page.PlotlyParts ? await evaluatePieces(page.PlotlyParts) : null;
  } catch {
    return null;
  }
}

// Brings it once; resolves to it, or to null where it did not come: then the next one who asks sends for it again.
/** @param {string} url */
export function plotly(url) {
  library.coming ||= bringPlotly(url).then((made) => {
    if (!made) library.coming = null;
    return (library.plotly = made);
  });
  return library.coming;
}
