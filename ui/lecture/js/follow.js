// @ts-check
// The page of the audience: the scene that the room sees, the question, and a way to look around alone.

/** @import { ConnectionState, Message, Place, SceneMessage } from "./types.d.ts" */

import { Channel, pageSettings } from "./channel.js";
import { byId, colours } from "./dom.js";
import { Asking } from "./question.js";
import { OverCurves } from "./over_curves.js";
import { fill } from "./rich.js";
import { Sketching } from "./sketching.js";
import { Stage } from "./stage.js";

const settings = pageSettings();
const scheme = location.protocol === "https:" ? "wss" : "ws";
const room = `${settings.base}/live/${settings.code}`;
const address = `${scheme}://${location.host}${room}/ws`;
const VOTER = "dmf-lecture-voter";
const remember = {
  read: () => {
    try {
      return localStorage.getItem(VOTER) || "";
    } catch {
      return "";
    }
  },
  write: (/** @type {string} */ token) => {
    try {
      localStorage.setItem(VOTER, token);
    } catch { /* private browsing: a new name with every page */ }
  },
};
const STATES = { open: "following", lost: "Connection lost; it is tried again.", over: "This room is closed." };

let seq = -1; // of the newest scene that was shown; -1 after a reconnection, when the server may count anew
/** @type {ConnectionState} */
let state = "lost";
/** @type {SceneMessage | null} */
let scene = null;

const channel = new Channel(address, heard, (now) => {
  state = now;
  if (now === "open") seq = -1;
  say();
});
const asking = new Asking((number, value) => channel.send({ is: "answer", scene: number, value }), layOver);
const stage = new Stage(document.querySelector(".dmf"), room, () => channel.now(), {
  alone: (on) => {
    byId("back").hidden = !on;
    document.body.dataset.alone = on ? "1" : "";
    offerLab();
    say();
  },
});
const over = new OverCurves(stage.player);
asking.sketching = new Sketching(over, (heights, done) => asking.sketched(heights, done));
stage.over = over;
channel.opened.push(() => channel.send({ is: "me", voter: remember.read() }));
byId("back").onclick = () => stage.back();
colours(() => stage.scene && stage.recolour());

/** @param {Message} message */
function heard(message) {
  if (message.is === "scene" && message.seq >= seq) showScene(message);
  else if (message.is === "question") asking.show(message);
  else if (message.is === "you") {
    remember.write(message.voter);
    asking.known(message);
  } else if (message.is === "counted") asking.took(message);
  else if (message.is === "point") point(message.place);
}

// On one's own the run can be opened with all its controls, at the moment that is shown; not before its future may be seen.
function offerLab() {
  const query = scene && scene.lab;
  byId("lab-line").hidden = !stage.alone || !query;
  const frame = () => Math.round(stage.player.clock.f);
  const link = /** @type {HTMLAnchorElement} */ (byId("lab"));
  link.href = `${settings.base}/?${query || ""}&view.frame=${frame()}`;
  link.onclick = () => (link.href = `${settings.base}/?${query}&view.frame=${frame()}`);
}

// The own answer, and from the reveal on those of the room, over the curves.
function layOver() {
  const { message, mine } = asking;
  over.show({ question: message && message.text !== null ? message : null, tally: message && message.tally, mine });
}

/** @param {SceneMessage} message */
function showScene(message) {
  seq = message.seq;
  scene = message;
  fill(byId("heading"), message.heading);
  fill(byId("sentence"), message.text);
  byId("changed").textContent = message.changed;
  byId("blank").hidden = !message.blank;
  byId("waiting").hidden = message.ready;
  say();
  offerLab();
  stage.show(message);
}

function say() {
  const following = state === "open" && scene
    ? `${stage.alone ? "on your own" : "following"} · scene ${scene.scene + 1} of ${scene.of}`
    : STATES[state];
  byId("state").textContent = following;
  document.body.dataset.state = state;
}

/** @param {Place | null} place */
function point(place) {
  const dot = byId("pointer"), plot = document.querySelector(".dmf-curves .dmf-plot").getBoundingClientRect();
  dot.hidden = place === null;
  if (place) {
    Object.assign(dot.style, {
      left: `${plot.left + scrollX + place[0] * plot.width}px`,
      top: `${plot.top + scrollY + place[1] * plot.height}px`,
    });
  }
}
