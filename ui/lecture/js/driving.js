// @ts-check
// What presenters share: the key, the keys, and who drives.

/** @import { Action, ConnectionState, DriverMessage, Handlers, Message, Player, Role, SceneMessage } from "./types.d.ts" */

import { Channel, pageSettings } from "./channel.js";
import { byId } from "./dom.js";
import { fill } from "./rich.js";
import { OverCurves } from "./over_curves.js";
import { Stage } from "./stage.js";

const SCRUB = 50; // milliseconds between two messages while the cursor is dragged
export const PLACE = pageSettings(); // base and code
// In the fragment, which no browser sends to a server.
const key = new URLSearchParams(location.hash.slice(1)).get("key") || "";

/** A button that is on or off. @param {string} name of its key @param {boolean} on */
function pressed(name, on) {
  document.querySelector(`button[data-key="${name}"]`).setAttribute("aria-pressed", String(on));
}

export class Presenter {
  /** @param {Role} role @param {Handlers} messages what is done with each kind of message */
  constructor(role, messages) {
    this.role = role;
    this.messages = messages;
    /** @type {SceneMessage | null} */
    this.scene = null;
    /** @type {DriverMessage | null} */
    this.driver = null;
    /** @type {ConnectionState} */
    this.state = "lost";
    /** @type {(() => void) | null} the key D */
    this.pointing = null;
    /** @type {((open?: boolean) => boolean) | null} the key C; whether anything has changed */
    this.settings = null;
    this.drives = false;
    this.refused = false;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.channel = new Channel(
      `${scheme}://${location.host}${PLACE.base}/live/${PLACE.code}/ws`,
      (each) => this.take(each),
      (state) => this.connection(state),
    );
    this.channel.opened.push(() => this.channel.send({ is: "present", key, role }));
    this.stage = new Stage(document.querySelector(".dmf"), `${PLACE.base}/live/${PLACE.code}`, () => this.channel.now(), {
      projector: role === "projector",
      alone: null,
      reported: (view) => this.do({ what: "view", view }),
    });
    this.over = this.stage.over = new OverCurves(this.stage.player);
    this.takePlayer(this.stage.player);
    window.addEventListener("keydown", (event) => this.pressed(event), true);
    document.addEventListener("click", (event) => {
      /** @type {HTMLElement | null | false} */
      const button = event.target instanceof Element && event.target.closest("[data-key]:not([role])"); // radios are the player's
      if (button) this.act(button.dataset.key);
    });
    byId("drive").onclick = () => this.channel.send({ is: "drive" });
  }

  // The player is moved by hand here, and the whole room with it.
  /** @param {Player} player */
  takePlayer(player) {
    let due = 0;
    player.byHand = (/** @type {number} */ frame) => {
      if (!this.drives) return;
      player.clock.go(frame);
      this.stage.scene = { ...this.stage.scene, playing: false, stop: null, frame: player.clock.f };
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.do({ what: "pause", frame: player.clock.f }), SCRUB);
      if (Date.now() < due) return;
      due = Date.now() + SCRUB;
      this.do({ what: "pause", frame: player.clock.f });
    };
    player.toggle = () => this.playOrPause();
    player.nextEvent = () => this.do({ what: "next" });
    player.previousEvent = () => this.do({ what: "previous" });
  }

  playOrPause() {
    const frame = this.stage.player.clock.f;
    const moving = this.scene && this.scene.playing && frame < (this.scene.stop ?? Infinity) - 1e-6;
    this.do(moving ? { what: "pause", frame } : { what: "play" });
  }

  /** @param {Action} action */
  do(action) {
    if (this.drives) this.channel.send({ is: "do", ...action });
  }

  /** @param {string} name of a key @returns {boolean} whether it does something */
  act(name) {
    const { scene } = this;
    if (!scene) return false;
    /** @type {Record<string, () => void>} */
    const actions = {
      PageDown: () => this.do({ what: "next" }),
      ArrowRight: () => this.do({ what: "next" }),
      PageUp: () => this.do({ what: "previous" }),
      ArrowLeft: () => this.do({ what: "previous" }),
      ArrowDown: () => scene.scene + 1 < scene.of && this.do({ what: "scene", scene: scene.scene + 1 }),
      ArrowUp: () => scene.scene > 0 && this.do({ what: "scene", scene: scene.scene - 1 }),
      k: () => this.do({ what: "lock" }),
      r: () => this.do({ what: "reveal" }),
      b: () => this.do({ what: "blank", on: !scene.blank }),
      ".": () => this.do({ what: "blank", on: !scene.blank }),
      f: () => this.do({ what: "view", view: { ...scene.view, frame: null, future: !scene.view.future } }),
      " ": () => this.playOrPause(),
      d: () => this.pointing && this.pointing(),
      c: () => this.settings && this.settings(),
    };
    const action = actions[name.length === 1 ? name.toLowerCase() : name];
    if (action) action();
    return Boolean(action);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const inField = event.target instanceof Element && event.target.closest("input, select, textarea");
    const onButton = event.target instanceof Element && event.target.closest("button, a, summary") &&
      [" ", "Enter"].includes(event.key);
    const closed = event.key === "Escape" && this.settings !== null && this.settings(false);
    const turns = ["PageUp", "PageDown"].includes(event.key); // a clicker goes on, wherever the focus is
    if (!closed && ((inField && !turns) || onButton || event.ctrlKey || event.metaKey || event.altKey || !this.act(event.key))) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** @param {Message} message */
  take(message) {
    if (message.is === "scene") {
      this.scene = message;
      fill(byId("heading"), message.heading);
      pressed("b", message.blank);
      pressed("f", !message.view.future);
      this.stage.show(message);
    } else if (message.is === "driver") {
      this.drives = message.you;
      byId("drive").hidden = message.you;
      this.driver = message;
    } else if (message.is === "refused") this.refused = true;
    const action = /** @type {((message: Message) => void) | undefined} */ (this.messages[message.is]);
    if (action) action(message);
  }

  /** @param {ConnectionState} state */
  connection(state) {
    this.state = state;
    if (this.messages.connection) this.messages.connection(state);
  }

  /** Why nothing can be done here, in words; empty where it can. */
  trouble() {
    if (this.refused) return "The key of this address does not fit: open this page from Lecture in DMF Lab.";
    if (this.state === "over") return "This room is closed.";
    if (this.state === "lost") return "Connection lost; it is tried again.";
    return this.driver && !this.drives ? `The lecture is driven from the ${this.driver.role || "other screen"}.` : "";
  }
}
