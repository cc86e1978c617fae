// @ts-check
// The desk: notes, what comes next, the clock, and the answers as they come in. Only the lecturer sees it.

/** @import { DeskMessage, QuestionMessage, RoomMessage } from "./types.d.ts" */

import { byId, colours, element, spaced } from "./dom.js";
import { Presenter } from "./driving.js";
import { drawControls } from "./live_controls.js";
import { fill, nodes } from "./rich.js";
import { drawTally, phaseWords } from "./tallied.js";

const MINUTE = 60000; // milliseconds
/** @type {RoomMessage | null} */
let room = null;
/** @type {DeskMessage | null} */
let desk = null;
/** @type {QuestionMessage | null} */
let question = null;

const presenter = new Presenter("desk", {
  scene(scene) {
    byId("number").textContent = `${scene.scene + 1} of ${scene.of}`;
    drawList();
  },
  room(message) {
    room = message;
    clock();
  },
  desk(message) {
    desk = message;
    fill(byId("title"), message.title);
    byId("next").textContent = message.next;
    fill(byId("following"), message.following || "the end");
    fill(byId("notes"), message.notes);
    drawList();
    drawQuestion();
  },
  live(message) {
    byId("live").hidden = !drawControls(byId("controls"), presenter, message);
  },
  question(message) {
    question = message;
    drawQuestion();
  },
  count(message) {
    byId("here").textContent = spaced(message.here);
    byId("answered").textContent = spaced(message.answers);
  },
  notice: ({ text }) => (byId("notice").textContent = text),
  driver: say,
  refused: say,
  connection: say,
});

function say() {
  setTimeout(() => {
    byId("drives").textContent = presenter.trouble() || "This window drives.";
    byId("state").textContent = presenter.state === "open" ? "" : presenter.trouble();
  });
}

function drawList() {
  const { scene } = presenter;
  if (!desk || !scene) return;
  byId("scenes").replaceChildren(...desk.scenes.map(({ heading, minutes, asks }, number) => {
    const button = element("button", "", { type: "button", onclick: () => presenter.do({ what: "scene", scene: number }) });
    const words = element("span");
    words.append(`${number < scene.scene ? "✓" : number + 1} `, ...nodes(heading), asks ? " ?" : "");
    button.append(words, element("i", String(minutes)));
    if (number === scene.scene) button.setAttribute("aria-current", "true");
    const item = element("li");
    item.append(button);
    return item;
  }));
}

function drawQuestion() {
  const box = byId("question");
  box.hidden = !question || question.text === null || !desk || desk.seq !== question.seq;
  presenter.over.show({ question: box.hidden ? null : question, tally: desk && desk.tally });
  if (box.hidden) return;
  fill(byId("asked"), question.text);
  byId("phase").textContent = `${phaseWords(question.state)} ${
    question.state === "open" ? "The room sees no answers yet; the mark is for you only." : ""
  }`;
  drawTally(byId("answers"), question, desk.tally, desk.solution);
  byId("verdict").textContent = question.verdict || "";
  const open = question.state === "open";
  /** @type {HTMLButtonElement} */ (byId("lock")).disabled = !open;
  /** @type {HTMLButtonElement} */ (byId("reveal")).disabled = !open && question.state !== "locked";
}

function clock() {
  const now = new Date();
  byId("clock").textContent = now.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (!room || !desk || !presenter.scene) return;
  const spent = (presenter.channel.now() - room.started) / MINUTE;
  const planned = desk.scenes.slice(0, presenter.scene.scene).reduce((sum, { minutes }) => sum + minutes, 0);
  byId("started").textContent = `started ${
    new Date(room.started).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
  }`;
  byId("left").textContent = `${Math.max(0, Math.round(room.minutes - spent))} min`;
  const behind = Math.round(spent - planned);
  byId("plan").textContent = `left of ${room.minutes}${behind > 0 ? `; this scene was planned ${behind} min ago` : ""}`;
}

setInterval(clock, 1000);
colours(() => presenter.stage.recolour());
