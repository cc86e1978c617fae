// @ts-check
// The player on a page below /live/: it shows what the room sees, by the clock of the server.

/** @import { OverCurves } from "./over_curves.js" */
/** @import { SceneMessage, SharedView, StageSettings } from "./types.d.ts" */

import { axisChoices, axisFrame, axisPlace } from "../../player/js/axes.js";
import { atRest } from "../../player/js/clock.js";
import { Player } from "../../player/js/player.js";
import { runBytes } from "./runs.js";

/** @type {Record<string, unknown>} */
const HEAD = { kind: "none", lead: "", text: "", buttons: [], given: null, plotly: "" };
const nothing = () => {};
const STEP = 1000; // milliseconds between two pictures of a run that plays, for those who want no motion

/** @param {SceneMessage} scene */
const partKey = ({ run, until, ends }) => `${run} ${until} ${ends}`;

/** @typedef {HTMLElement & { player?: Player }} Root */

// The scales in words, where they are not flow time and plain values.
/** @param {Player} player */
function scaleWords({ run, axis, log }) {
  const [, words] = axisChoices(run).find(([key]) => key === axis.key) || ["", ""];
  const across = axis.key === "time" ? [] : [`across: ${words}`], up = log ? ["up: values, log"] : [];
  const text = [...across, ...up].join("; ");
  return text && `${text[0].toUpperCase()}${text.slice(1)}`;
}

export class Stage {
  /**
   * @param {Root} root
   * @param {string} room its path
   * @param {() => number} now milliseconds on the clock of the server
   * @param {StageSettings} [settings]
   */
  constructor(root, room, now, { projector = false, alone = null, reported = null } = {}) {
    this.root = root;
    this.room = room;
    this.now = now;
    this.projector = projector;
    this.reported = reported;
    this.whenAlone = alone;
    this.player = root.player = new Player(root);
    this.player.opensPlaying = false; // the room says when
    this.scales = document.createElement("p");
    this.scales.className = "scales";
    root.querySelector(".dmf-page").append(this.scales);
    /** @type {SceneMessage | null} */
    this.scene = null;
    /** @type {Uint8Array | null} of the run in the player */
    this.bytes = null;
    this.view = ""; // that the player was given
    this.shown = ""; // digest and end of the run in the player
    this.alone = false;
    this.placed = 0; // when the frame was set
    /** @type {OverCurves | null} */
    this.over = null;
    for (const type of ["pointerdown", "keydown"]) root.addEventListener(type, (event) => this.touched(event), true);
    this.tick = this.tick.bind(this);
    requestAnimationFrame(this.tick);
  }

  /** The frame that the room sees at this moment. */
  frameNow() {
    const { scene, player } = this, { axis } = player;
    if (!scene.playing) return scene.frame;
    // A wait at the beginning is drawn, not played, here as in every player.
    const from = scene.stop !== null && scene.stop <= player.clock.opening ? 0 : Math.max(0, axis.opens || 0);
    const passed = (Math.max(0, this.now() - scene.at) / 1000) * player.clock.pace * scene.speed;
    const place = Math.max(axisPlace(axis, scene.frame), from) + passed;
    const frame = place >= axisPlace(axis, axis.column.length - 1) ? axis.column.length - 1 : axisFrame(axis, place);
    return scene.stop === null ? frame : Math.min(frame, scene.stop);
  }

  /** The scene that the room sees from now on. @param {SceneMessage} scene */
  async show(scene) {
    this.scene = scene;
    this.root.dataset.seq = String(scene.seq);
    const key = partKey(scene);
    if (!scene.ready) return;
    if (key === this.shown) return this.follow();
    const bytes = await runBytes(
      this.room,
      scene.run,
      scene.until,
      scene.ends,
      () => partKey(this.scene) === key,
    );
    if (bytes === null || this.shown === key) return;
    this.shown = key;
    this.bytes = bytes;
    this.draw();
    this.follow();
  }

  /** @returns {SharedView} what the room sees, without the moment */
  viewShown() {
    return { ...this.scene.view, frame: null, projector: this.projector };
  }

  // The player is given the run, and stands still: the server's clock moves it.
  draw() {
    if (!this.bytes) return;
    const view = this.viewShown();
    const head = new TextEncoder().encode(`${JSON.stringify({ ...HEAD, view })}\n`);
    const data = new Uint8Array(head.length + this.bytes.length);
    data.set(head);
    data.set(this.bytes, head.length);
    this.view = JSON.stringify(view);
    this.root.dataset.strips = view.lower_strip ? "both" : view.upper_strip ? "upper" : "";
    this.player.update(data, nothing, this.reported);
    this.player.clock.pause();
    this.player.unplayed = false; // the script says what is hidden
    this.scales.textContent = scaleWords(this.player);
  }

  follow() {
    if (this.alone || !this.bytes) return;
    const view = JSON.stringify(this.viewShown());
    if (view !== this.view) this.draw();
    this.player.clock.pause();
    this.place();
  }

  place() {
    const { player, scene } = this;
    this.placed = performance.now();
    if (!player.run || !player.run.frames || partKey(scene) !== this.shown) return;
    const frame = Math.max(0, Math.min(player.run.frames - 1, this.frameNow()));
    if (Math.abs(frame - player.clock.f) > 1e-4) player.clock.go(frame);
  }

  tick() {
    const due = !atRest() || performance.now() - this.placed > STEP;
    if (this.scene && this.scene.playing && !this.alone && due) this.place();
    if (this.over) this.over.draw();
    requestAnimationFrame(this.tick);
  }

  /** @param {Event} event */
  touched(event) {
    const control = event.target instanceof Element &&
      event.target.closest(
        ".dmf-plot, .dmf-track, .dmf-transport, .dmf-spectrum, .dmf-matrix, .dmf-scale, .dmf-strip, .dmf-which",
      );
    const sketches = event.target instanceof Element && event.target.closest(".sketched");
    if (!control || sketches || this.alone || !this.whenAlone || (event instanceof KeyboardEvent && event.key === "Tab")) return;
    this.alone = true;
    this.whenAlone(true);
  }

  /** Back to what the room sees. */
  back() {
    this.alone = false;
    this.view = "";
    this.whenAlone(false);
    this.follow();
  }

  recolour() {
    this.draw();
    if (!this.alone) this.place();
  }
}
