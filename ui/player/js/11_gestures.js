// Dragging scrubs, a click on a curve, bar or disc selects. The wheel is left to the page.

const CLICK = 4; // pixels

// `panel.place(px)` gives the place on the axis; `hit(px, py)` the mode under the pointer, or 0.
function scrubbing(element, panel, player, hit = () => 0) {
  let from = null, dragging = false;
  const point = (event) => {
    const box = panel.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !player.run || !player.run.frames) return;
    const [x, y] = point(event);
    from = [x, y, hit(x, y)];
    dragging = false;
    element.setPointerCapture(event.pointerId);
    if (!from[2]) {
      dragging = true;
      player.scrub(panel.place(x));
    }
  });
  element.addEventListener("pointermove", (event) => {
    const [x, y] = point(event);
    if (!from) {
      element.style.cursor = hit(x, y) ? "pointer" : "";
      return;
    }
    if (!dragging && Math.hypot(x - from[0], y - from[1]) < CLICK) return;
    dragging = true;
    player.scrub(panel.place(x));
  });
  const release = (event) => {
    if (!from) return;
    if (!dragging && event.type === "pointerup") player.select(from[2]);
    if (dragging) player.speak();
    from = null;
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
}
