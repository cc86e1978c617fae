// Switches, menus, keys and the help panel: small pieces of HTML, each with the role that says what it is.

const KEYS = [
  ["Space", "play, pause"], ["← →", "one step"], ["Shift ← →", "ten steps"],
  ["PageDown", "play to the next event"], ["PageUp", "back to the previous event"],
  ["Home, End", "start, end"], ["− +", "slower, faster"], ["R", "loop"], ["1 … 9, 0", "select a mode, none"],
  ["W E T O", "matrix: W, residual, truth, observed"], ["L", "singular values linear, log"],
  ["A", "next time axis"], ["Shift L", "time axis linear, log"],
  ["F", "hide, show the future"], ["P", "projector on, off"], ["Esc", "close, leave the projector"], ["?", "this table"],
];

// A radio group of words. `choose(key)` is called on a click and on arrow keys inside the group.
function fillSwitch(element, choices, chosen, choose) {
  const wanted = choices.join();
  if (element.dataset.keys !== wanted) {
    element.dataset.keys = wanted;
    element.replaceChildren(...choices.map(([key, words]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("role", "radio");
      button.dataset.key = key;
      button.textContent = words;
      return button;
    }));
    element.onclick = (event) => {
      const button = event.target.closest("[role=radio]");
      if (button) choose(button.dataset.key);
    };
    element.onkeydown = (event) => {
      const move = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (!move) return;
      event.preventDefault();
      event.stopPropagation();
      const all = [...element.children];
      const next = all[(all.indexOf(document.activeElement) + move + all.length) % all.length];
      choose(next.dataset.key);
      next.focus();
    };
  }
  for (const button of element.children) {
    const on = button.dataset.key === chosen;
    button.setAttribute("aria-checked", String(on));
    button.tabIndex = on ? 0 : -1;
  }
}

function fillMenu(select, choices, chosen, choose) {
  const wanted = choices.map(([key]) => key).join();
  if (select.dataset.keys !== wanted) {
    select.dataset.keys = wanted;
    select.replaceChildren(...choices.map(([key, words]) => new Option(words, key)));
    select.onchange = () => choose(select.value);
  }
  select.value = String(chosen);
}

function fillHelp(panel) {
  if (panel.childElementCount) return;
  panel.replaceChildren(...KEYS.map(([key, does]) => {
    const row = document.createElement("div");
    const cap = document.createElement("kbd");
    cap.textContent = key;
    const words = document.createElement("span");
    words.textContent = does;
    row.append(cap, words);
    return row;
  }));
}

// What a key does, or null. `player` has a method for each.
function keyAction(event, player) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const many = event.shiftKey ? 10 : 1;
  const table = {
    " ": () => player.toggle(), ArrowLeft: () => player.move(-many), ArrowRight: () => player.move(many),
    PageDown: () => player.nextEvent(), PageUp: () => player.previousEvent(),
    Home: () => player.jump(0), End: () => player.jump(Infinity),
    "-": () => player.faster(-1), "−": () => player.faster(-1), "+": () => player.faster(1), "=": () => player.faster(1),
    w: () => player.show("W"), e: () => player.show("residual"), t: () => player.show("truth"), o: () => player.show("observed"),
    l: () => (event.shiftKey ? player.setAxis(player.axisName, !player.logTime) : player.setLog(!player.log)),
    a: () => player.nextAxis(), r: () => player.loop(), f: () => player.hideFuture(), p: () => player.project(!player.projector), "?": () => player.help(),
    Escape: player.canClose() ? () => player.closeOne() : null,
  };
  if (/^[0-9]$/.test(event.key)) return () => player.select(Number(event.key), true);
  return table[event.key.length === 1 ? event.key.toLowerCase() : event.key] || null;
}

// Native elements keep their own keys: a field all of them, a menu its arrows, a button its Space.
function keepsKey(target, key) {
  if (target.isContentEditable || /^(SELECT|INPUT|TEXTAREA)$/.test(target.tagName)) return key !== "Escape";
  return target.tagName === "BUTTON" && (key === " " || key === "Enter");
}
