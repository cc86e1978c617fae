// @ts-check
// A question: choices that answer when they are chosen, or a number that answers when it is sent. Python judges.

/** @typedef {{ id: string, ask: string, answer: string, verdict: string, feedback: string }} Shown */

/** @param {{ parentElement: Element, data: Shown, setTriggerValue: (name: string, value: unknown) => void }} page */
export default function mount({ parentElement, data, setTriggerValue }) {
  const form = /** @type {HTMLFormElement | null} */ (parentElement.querySelector(".dmf-question"));
  if (!form || !data) return;
  const fieldset = /** @type {HTMLElement} */ (form.querySelector("fieldset"));
  const feedback = /** @type {HTMLElement} */ (form.querySelector(".dmf-feedback"));
  if (fieldset.dataset.ask !== data.ask) {
    fieldset.dataset.ask = data.ask;
    fieldset.innerHTML = data.ask;
  }
  const number = /** @type {HTMLInputElement | null} */ (fieldset.querySelector("input[type=text]"));
  if (number && document.activeElement !== number) number.value = data.answer;
  for (const choice of /** @type {NodeListOf<HTMLInputElement>} */ (fieldset.querySelectorAll("input[type=radio]"))) {
    choice.checked = choice.value === data.answer;
    choice.closest("label")?.setAttribute("data-verdict", choice.checked ? data.verdict : "");
  }
  form.dataset.verdict = data.verdict;
  if (feedback.dataset.html !== data.feedback) {
    feedback.dataset.html = data.feedback;
    feedback.innerHTML = data.feedback;
  }
  const send = (/** @type {string} */ answer) => setTriggerValue("answered", { id: data.id, answer });
  form.onsubmit = (event) => {
    event.preventDefault();
    if (number && number.value.trim()) send(number.value);
  };
  form.onchange = (event) => {
    const target = /** @type {HTMLInputElement} */ (event.target);
    if (target.type === "radio") send(target.value);
  };
}
