// @ts-check
// Plotly arrives in pieces: read while nothing else is to be done, evaluated a little at a time, so that no picture waits.

const SLICE = 12; // milliseconds of one piece of work
export const CALM = 600; // milliseconds after the first picture before it is sent for
let plotlyComing = null;

export const whenIdle = (
  work,
) => (window.requestIdleCallback ? requestIdleCallback(work, { timeout: 200 }) : setTimeout(work, 16));

function fetchScript(url) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: url, async: true, onload: done, onerror: failed });
    document.head.append(script);
  });
}

// The modules in the order in which they need each other, so that each of them costs only itself.
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
async function bringPlotly(url) {
  try {
    if (!window.PlotlyParts && url) await fetchScript(url);
    return window.PlotlyParts ? await evaluatePieces(window.PlotlyParts) : null;
  } catch {
    return null;
  }
}

export const plotly = (url) => (plotlyComing ||= bringPlotly(url).then((found) => (plotly.ready = found)));
