// @ts-nocheck: its messages have no declared types yet
// The socket of a page below /live/: it comes back by itself, knows the clock of the server, and notices what a phone does.

const ROUNDS = 5; // of the clock on every connection; the shortest one is believed
const SILENT = 25000; // milliseconds without a word of the server, which says one every ten seconds
const SOONEST = 250, LATEST = 4000; // milliseconds before the next attempt
const FINAL = [4404, 4403]; // no such room; not our page

/** The settings that the server has written into the page. */
export const pageSettings = () => JSON.parse(document.body.dataset.settings);

export class Channel {
  // `heard` takes every message; `state` "open", "lost" or "over".
  constructor(address, heard, state) {
    Object.assign(this, { address, heard, state });
    this.offset = 0; // what the server's clock is ahead of ours, in milliseconds
    this.best = Infinity; // the shortest round trip of this connection
    this.attempts = 0;
    this.socket = null;
    this.over = false;
    this.opened = []; // what is to be said on every connection
    for (const [target, type] of [[document, "visibilitychange"], [window, "pageshow"], [window, "online"]]) {
      target.addEventListener(type, () => this.wake());
    }
    setInterval(() => this.check(), 1000);
    this.connect();
  }

  /** Milliseconds on the clock of the server. */
  now() {
    return Date.now() + this.offset;
  }

  connect() {
    clearTimeout(this.waiting);
    if (this.over) return;
    const socket = this.socket = new WebSocket(this.address);
    this.last = Date.now();
    socket.onopen = () => {
      this.attempts = 0;
      this.best = Infinity;
      this.state("open");
      for (const say of this.opened) say();
      for (let round = 0; round < ROUNDS; round++) setTimeout(() => this.askTime(), 80 * round);
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.socket) this.take(JSON.parse(data));
    };
    socket.onclose = ({ code }) => socket === this.socket && this.lost(code);
  }

  take(message) {
    this.last = Date.now();
    if (message.is === "time") this.setClock(message);
    else if (message.is === "here") this.askTime();
    else this.heard(message);
  }

  askTime() {
    this.send({ is: "time", t: performance.now() });
  }

  setClock({ t, s }) {
    const trip = performance.now() - t;
    if (trip > this.best * 1.5 + 5) return;
    this.best = Math.min(this.best, trip);
    this.offset = s + trip / 2 - Date.now();
  }

  /** False where it could not be said. */
  send(message) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  lost(code) {
    if (FINAL.includes(code)) {
      this.over = true;
      this.state("over");
      return;
    }
    this.state("lost");
    const longest = Math.min(LATEST, SOONEST * 2 ** this.attempts++);
    this.waiting = setTimeout(() => this.connect(), SOONEST + Math.random() * longest);
  }

  // The page is looked at again: a socket that a sleeping phone has lost does not say so.
  wake() {
    if (document.hidden || this.over) return;
    this.best = Infinity;
    if (this.socket.readyState > 1) this.connect();
    else this.askTime();
    if (Date.now() - this.last > SILENT / 2) this.renew();
  }

  check() {
    if (!this.over && this.socket.readyState <= 1 && Date.now() - this.last > SILENT) this.renew();
  }

  renew() {
    const old = this.socket;
    this.socket = null;
    this.state("lost");
    this.connect();
    old.close();
  }
}
