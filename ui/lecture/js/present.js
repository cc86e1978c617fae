// @ts-check
// The projector: one scene in the whole window, the question beside it, the address below.

/** @import { CountMessage, LiveMessage, Place, QuestionMessage } from "./types.d.ts" */

import { byId, colours, element, spaced } from "./dom.js";
import { PLACE, Presenter } from "./driving.js";
import { drawControls } from "./live_controls.js";
import { fill } from "./rich.js";
import { drawTally, phaseWords, tallyRows } from "./tallied.js";

const HAND_GONE = 2500; // milliseconds after which buttons and the hand are gone
const SMALLEST = 0.5; // of a question that does not fit, against the usual size: 14 of 720 lines
const POINT = 50; // milliseconds between two places of the pointer
/** @type {Pick<CountMessage, "here" | "answers">} */
let count = { here: 0, answers: 0 };
/** @type {QuestionMessage | null} */
let question = null;
/** @type {LiveMessage | null} */
let live = null;
let points = false, pointed = 0, moves = false;
/** @type {Element | null} what had the focus before the settings were opened */
let opener = null;

const presenter = new Presenter("projector", {
  scene(scene) {
    fill(byId("sentence"), scene.text);
    byId("blank").hidden = !scene.blank;
    byId("waiting").hidden = scene.ready;
    byId("number").textContent = `scene ${scene.scene + 1} of ${scene.of}`;
    byId("changed").textContent = scene.changed;
  },
  live(message) {
    live = message;
    drawLive();
  },
  room(room) {
    byId("address").textContent = room.address
      ? room.address.replace(/^https?:\/\//, "")
      : "No address of this computer can be reached by others.";
    const picture = /** @type {HTMLImageElement} */ (byId("qr"));
    picture.hidden = !room.address;
    if (room.address) picture.src = `${PLACE.base}/live/${PLACE.code}/qr.svg`;
  },
  question(message) {
    question = message;
    drawQuestion();
  },
  count(message) {
    count = message;
    drawQuestion();
  },
  point: ({ place }) => point(place),
  notice: ({ text }) => (byId("notice").textContent = text),
  driver() {
    say();
    drawLive();
  },
  refused: say,
  connection: say,
});

function say() {
  setTimeout(() => (byId("notice").textContent = presenter.trouble()));
}

function drawQuestion() {
  const box = byId("question");
  box.hidden = !question || question.text === null;
  presenter.over.show({ question: box.hidden ? null : question, tally: question && question.tally });
  document.body.dataset.asking = box.hidden ? "" : "1";
  if (box.hidden) return;
  fill(byId("asked"), question.text);
  byId("phase").textContent = phaseWords(question.state);
  drawTally(byId("answers"), question, question.tally, question.solution);
  const rows = [["Answered", `${spaced(count.answers)} of ${spaced(count.here)}`], ...tallyRows(question.tally)];
  byId("numbers").replaceChildren(...rows.flatMap(([name, value]) => [element("dt", name), element("dd", value)]));
  byId("verdict").textContent = question.verdict || "";
  fitQuestion();
}

// A question with many or long choices is written smaller, as far as it can still be read.
function fitQuestion() {
  const box = byId("question"), room = byId("stage").parentElement.querySelector("footer").offsetTop - box.offsetTop;
  for (let fit = 1; fit >= SMALLEST; fit -= 0.1) {
    box.style.setProperty("--fit", fit.toFixed(1));
    if (box.scrollHeight <= room) return;
  }
}

/** @param {Place | null} place */
function point(place) {
  const dot = byId("pointer"), plot = document.querySelector(".dmf-curves .dmf-plot").getBoundingClientRect();
  dot.hidden = place === null;
  if (place) {
    Object.assign(dot.style, { left: `${plot.left + place[0] * plot.width}px`, top: `${plot.top + place[1] * plot.height}px` });
  }
}

// Depth and initial scale at hand; the panel closes by itself where nothing can be moved.
function drawLive() {
  const possible = Boolean(live) && drawControls(byId("controls"), presenter, live);
  const shown = moves && possible && presenter.drives;
  byId("live").hidden = !shown;
  byId("settings").setAttribute("aria-expanded", String(shown));
  /** @type {HTMLButtonElement} */ (byId("settings")).disabled = !possible;
}

presenter.settings = (open = !moves) => {
  if (open === moves) return false;
  moves = open;
  if (open) opener = document.activeElement;
  drawLive();
  const controls = byId("controls");
  const first = byId("live").hidden ? null : controls.querySelector("[aria-pressed=true]") || controls.querySelector("summary");
  const focused = open ? first : opener;
  if (focused instanceof HTMLElement) focused.focus();
  return true;
};

presenter.pointing = () => {
  points = !points;
  if (!points) presenter.do({ what: "point", place: null });
};

let quiet = 0; // timer
document.addEventListener("pointermove", (event) => {
  document.body.dataset.moving = "1";
  clearTimeout(quiet);
  quiet = setTimeout(() => (document.body.dataset.moving = ""), HAND_GONE);
  if (!points || Date.now() - pointed < POINT) return;
  pointed = Date.now();
  const plot = document.querySelector(".dmf-curves .dmf-plot").getBoundingClientRect();
  /** @type {Place} */
  const place = [(event.clientX - plot.left) / plot.width, (event.clientY - plot.top) / plot.height];
  if (place.every((part) => part >= 0 && part <= 1)) presenter.do({ what: "point", place });
});
// A formula with several rows, or a long sentence, takes its height from the curves: the code below stays whole.
const hall = byId("hall");
new ResizeObserver(([{ borderBoxSize: [{ blockSize }] }]) => hall.style.setProperty("--top", `${blockSize}px`))
  .observe(hall.querySelector("header"));
byId("full").onclick = () =>
  document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
colours(() => presenter.stage.recolour());
