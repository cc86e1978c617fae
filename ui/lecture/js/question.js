// @ts-check
// The question on a phone: choices, or a moment on an axis; and what became of the answer.

/** @import { Sketching } from "./sketching.js" */
/** @import { Answer, CountedMessage, QuestionMessage, Tally, YouMessage } from "./types.d.ts" */

import { byId, element, spaced } from "./dom.js";
import { drawMarks } from "./marks.js";
import { fill } from "./rich.js";

const WORDS = {
  open: "You may change your answer until the answers are locked.",
  locked: "The answers are locked.",
  revealed: "This is what the room says. Now watch the run.",
  played: "",
};

export class Asking {
  /**
   * @param {(scene: number, value: Answer) => boolean} answer sends a value; false where it cannot be sent now: it is sent
   *   later
   * @param {() => void} changed the question or the answer is another one
   */
  constructor(answer, changed) {
    this.answer = answer;
    this.changed = changed;
    /** @type {Sketching | null} */
    this.sketching = null;
    /** @type {QuestionMessage | null} */
    this.message = null;
    /** @type {Answer | null} */
    this.mine = null; // my answer
    this.counted = false; // the server has it
  }

  /** The question of the room; the one before goes. @param {QuestionMessage} message */
  show(message) {
    const another = !this.message || this.message.scene !== message.scene;
    this.message = message;
    if (another) Object.assign(this, { mine: null, counted: false });
    const box = byId("question");
    box.hidden = message.text === null;
    if (box.hidden) {
      if (this.sketching) this.sketching.ask(null, null);
      return this.changed();
    }
    fill(byId("asked"), message.text);
    if (another || !box.dataset.made) this.build();
    box.dataset.made = "1";
    this.draw();
  }

  build() {
    const { choices, range } = this.message;
    const place = byId("answers");
    if (range === null) {
      place.replaceChildren(...choices.map((text, number) => {
        const button = element("button", "", { type: "button", className: "choice", onclick: () => this.give(number) });
        const words = element("span");
        fill(words, text);
        button.append(words, element("i"));
        button.setAttribute("aria-pressed", "false");
        return button;
      }));
      return;
    }
    if (this.message.top) {
      this.sketching.ask(this.message, null);
      place.replaceChildren(...this.sketching.controls());
      return;
    }
    const limits = { min: String(range[0]), max: String(range[1]), step: String(this.message.step) };
    const slider = element("input", "", { type: "range", id: "moment", ...limits });
    slider.value = String((range[0] + range[1]) / 2);
    slider.setAttribute("aria-label", "Moment, t");
    /** @param {number} by */
    const step = (by) =>
      element("button", `${by < 0 ? "−" : "+"} ${spaced(this.message.step)}`, {
        type: "button",
        onclick: () => {
          slider.value = String(Number(slider.value) + by * this.message.step);
          this.moved();
        },
      });
    slider.oninput = () => this.moved();
    const row = element("div", "", { className: "steps" });
    row.append(step(-1), element("output", "", { id: "readout" }), step(1));
    place.replaceChildren(slider, element("div", "", { className: "marks", id: "marks" }), row);
  }

  // A finger that drags sends when it rests, so that two hundred of them are two hundred messages and not ten thousand.
  moved() {
    this.mine = Number(/** @type {HTMLInputElement} */ (byId("moment")).value);
    this.counted = false;
    this.draw();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.give(this.mine), 400);
  }

  /** A sketch goes on, or rests. @param {number[]} heights @param {boolean} done */
  sketched(heights, done) {
    this.mine = heights;
    this.counted = false;
    if (done) this.give(heights);
    else this.draw();
    this.sketching.say();
  }

  /** @param {Answer} value */
  give(value) {
    if (this.message.state !== "open") return;
    this.mine = value;
    this.counted = false;
    this.again();
    this.draw();
  }

  /** Says it to the server until the server has it. */
  again() {
    clearTimeout(this.repeating);
    if (this.mine === null || this.counted || !this.message || this.message.state !== "open") return;
    this.answer(this.message.scene, this.mine);
    this.repeating = setTimeout(() => this.again(), 3000);
  }

  /** The server has it, or has refused it. @param {CountedMessage} message */
  took({ scene, ok, value }) {
    if (!this.message || scene !== this.message.scene) return;
    if (ok && same(value, this.mine)) this.counted = true;
    this.draw();
  }

  /** What the server knows of this browser, after the connection was away. @param {YouMessage} message */
  known({ scene, answer }) {
    if (!this.message || scene !== this.message.scene || answer === null) return this.again();
    if (this.mine === null || same(this.mine, answer)) Object.assign(this, { mine: answer, counted: true });
    else this.again();
    this.draw();
  }

  draw() {
    const { message, mine, counted } = this;
    if (!message || message.text === null) return;
    const open = message.state === "open", tally = message.tally;
    byId("question").dataset.state = message.state;
    const sent = mine === null
      ? (open ? "Nobody sees what you answer; only the numbers are shown." : "")
      : counted
      ? "✓ Answer sent."
      : "Your answer is being sent.";
    byId("status").textContent = [
      open || mine !== null ? sent : "",
      WORDS[message.state],
      message.verdict || "",
      this.mineAgainst(),
    ]
      .filter(Boolean).join(" ");
    if (message.range === null) this.drawChoices(open, tally);
    else if (message.top) this.drawSketch(open);
    else this.drawMoment(open, tally);
    this.changed();
  }

  mineAgainst() {
    const { message, mine } = this;
    if (message.state !== "played" || mine === null || message.solution === null || message.solution === undefined) return "";
    if (message.range === null) return mine === message.solution ? "So did you." : "";
    if (Array.isArray(message.solution)) {
      const { solution, top } = message, heights = /** @type {number[]} */ (mine);
      const off = solution.reduce((sum, value, point) => sum + Math.abs(value - (heights[point] * top) / 100), 0);
      return `Yours is ${spaced(Number((off / solution.length).toPrecision(2)))} off on average.`;
    }
    const off = Number(mine) - message.solution;
    return Math.abs(off) <= message.step / 2
      ? "You were right."
      : `You were ${spaced(Math.abs(Math.round(off)))} too ${off > 0 ? "late" : "early"}.`;
  }

  /** @param {boolean} open @param {Tally | undefined} tally */
  drawChoices(open, tally) {
    const most = tally ? Math.max(1, ...tally.counts) : 1;
    byId("answers").querySelectorAll("button").forEach((button, number) => {
      button.disabled = !open;
      button.setAttribute("aria-pressed", String(this.mine === number));
      button.dataset.right = String(this.message.state === "played" && this.message.solution === number);
      button.lastElementChild.textContent = tally ? String(tally.counts[number]) : "";
      button.style.setProperty("--share", tally ? String(tally.counts[number] / most) : "0");
    });
  }

  /** @param {boolean} open */
  drawSketch(open) {
    for (const slider of byId("answers").querySelectorAll("input")) slider.disabled = !open;
    const mine = Array.isArray(this.mine) ? this.mine : null;
    this.sketching.ask(open ? this.message : null, mine);
    if (mine && open) this.sketching.say();
  }

  /** @param {boolean} open @param {Tally | undefined} tally */
  drawMoment(open, tally) {
    const slider = /** @type {HTMLInputElement} */ (byId("moment"));
    slider.disabled = !open;
    for (const button of byId("answers").querySelectorAll("button")) button.disabled = !open;
    if (this.mine !== null) slider.value = String(this.mine);
    byId("readout").textContent = this.mine === null
      ? (open ? "move the slider" : "no answer")
      : `t = ${spaced(Number(this.mine))}`;
    const { range, mode, state, solution } = this.message;
    drawMarks(byId("marks"), range, mode, tally, state === "played" ? solution : null);
  }
}

/** @param {Answer | null} a @param {Answer | null} b */
const same = (a, b) => String(a) === String(b);
