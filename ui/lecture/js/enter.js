// @ts-check
// The page on which a code is typed.

import { pageSettings } from "./channel.js";
import { byId, colours } from "./dom.js";

const { base, code } = pageSettings();
const field = /** @type {HTMLInputElement} */ (byId("code"));
byId("unknown").hidden = !code;
byId("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(`${base}/live/${encodeURIComponent(field.value.trim().toUpperCase())}`);
});
colours(() => {});
field.focus();
