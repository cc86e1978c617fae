// @ts-check
// The state of the run in words, with its buttons.

/** @import { Notice, Run } from "./types.d.ts" */
/** @import { Player } from "./player.js" */

/** @type {Record<string, string>} */
const MARKS = { diverged: "✕", error: "✕", stale: "△" };
/** @type {Notice} */
const LOST = { kind: "reconnecting", lead: "Connection lost;", text: "the run on this page still plays.", buttons: [] };

// The moment before a divergence with the lowest training error: from there on the run only gets worse.
/** @param {Run} run */
export const lastStable = ({ series }) => series.loss.reduce((best, loss, i) => (loss < series.loss[best] ? i : best), 0);

/** @param {Player} player */
export function tell(player) {
  const lost = player.app && !/CONNECTED$/.test(player.app.dataset.testConnectionState || "CONNECTED");
  const notice = lost ? LOST : player.notice;
  if (!notice) return;
  const key = JSON.stringify(notice);
  if (key === player.noticeKey) return;
  player.noticeKey = key;
  player.root.dataset.notice = notice.kind;
  const centred = notice.kind === "empty";
  const box = player.$(".dmf-notice"), centre = player.$(".dmf-centre");
  box.hidden = notice.kind === "none" || (centred && !notice.text && !notice.buttons.length);
  player.$(".dmf-summary").hidden = player.$(".dmf-live").hidden = !box.hidden;
  box.querySelector("b").textContent = centred ? "" : notice.lead;
  box.querySelector(".dmf-more").textContent = notice.text;
  box.querySelector(".dmf-mark").textContent = MARKS[notice.kind] || "";
  centre.hidden = !centred && notice.kind !== "error";
  centre.innerHTML = "<span></span>";
  centre.firstChild.textContent = centred ? notice.lead : "No run to show.";
  if (notice.kind === "error" && player.run && player.run.frames) centre.hidden = true;
  box.querySelector(".dmf-buttons").replaceChildren(...notice.buttons.map(([action, label]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.action = action;
    button.textContent = label;
    return button;
  }));
}
