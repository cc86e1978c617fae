// @ts-check
// The socket of a page below /live/: it comes back by itself, knows the clock of the server, and notices what a phone does.

/** @import { ConnectionState, Message, Sent, Settings, TimeMessage } from "./types.d.ts" */

const ROUNDS = 5; // of the clock on every connection; the shortest one is believed
const SILENT = 25000; // milliseconds without a word of the server, which says one every ten seconds
const SOONEST = 250, LATEST = 4000; // milliseconds before the next attempt
const FINAL = [4404, 4403]; // no such room; not our page

/** @returns {Settings} that the server has written into the page */
export const pageSettings = () => JSON.parse(document.body.dataset.settings);

export class Channel {
  /**
   * @param {string} address
   * @param {(message: Message) => void} heard takes every message but those of the clock
   * @param {(state: ConnectionState) => void} state
   */
  constructor(address, heard, state) {
    this.address = address;
    this.heard = heard;
    this.state = state;
    this.offset = 0; // what the server's clock is ahead of ours, in milliseconds
    this.best = Infinity; // the shortest round trip of this connection
    this.attempts = 0;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.over = false;
    /** @type {(() => void)[]} what is to be said on every connection */
    this.opened = [];
    document.addEventListener("visibilitychange", () => this.wake());
    for (const type of ["pageshow", "online"]) addEventListener(type, () => this.wake());
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

  /** @param {Message} message */
  take(message) {
    this.last = Date.now();
    if (message.is === "time") this.setClock(message);
    else if (message.is === "here") this.askTime();
    else this.heard(message);
  }

  askTime() {
    this.send({ is: "time", t: performance.now() });
  }

  /** @param {TimeMessage} message */
  setClock({ t, s }) {
    const trip = performance.now() - t;
    if (trip > this.best * 1.5 + 5) return;
    this.best = Math.min(this.best, trip);
    this.offset = s + trip / 2 - Date.now();
  }

  /** @param {Sent} message @returns {boolean} false where it could not be sent */
  send(message) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** @param {number} code why the socket was closed */
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
