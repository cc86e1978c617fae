// @ts-check
// The connection of a page below /live/: it comes back by itself, knows the clock of the server, and notices what a phone does.

/** @import { ConnectionState, Message, Sent, Settings, TimeMessage } from "./types.d.ts" */

import { PolledSocket } from "./polled_socket.js";

const ROUNDS = 5; // of the clock on every connection; the shortest one is believed
const SILENT = 25000; // milliseconds without a word of the server, which says one every five seconds
const SOONEST = 250, LATEST = 4000; // milliseconds before the next attempt
const OPENING = 10000; // milliseconds in which a socket opens; some proxies never answer
const UNOPENED = 2; // sockets that never opened, after which the same messages go by requests
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
    this.unopened = 0; // sockets in a row that never opened; below all numbers once one has, for then no proxy forbids them
    /** @type {WebSocket | PolledSocket | null} */
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
    const polled = this.unopened >= UNOPENED;
    const socket = this.socket = polled ? new PolledSocket(this.address) : new WebSocket(this.address);
    this.hasOpened = false;
    this.last = Date.now();
    socket.onopen = () => {
      this.hasOpened = true;
      if (!polled) this.unopened = -Infinity;
      this.attempts = 0;
      this.best = Infinity;
      this.state("open");
      for (const say of this.opened) say();
      for (let round = 0; round < ROUNDS; round++) setTimeout(() => this.askTime(), 80 * round);
    };
    socket.onmessage = (/** @type {{ data: string }} */ { data }) => {
      if (socket === this.socket) this.take(JSON.parse(data));
    };
    socket.onclose = (/** @type {{ code: number }} */ { code }) => socket === this.socket && this.lost(code);
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

  // Requests that do not come through either say nothing about sockets: the server may be away.
  noteUnopened() {
    if (!this.hasOpened) this.unopened = this.socket instanceof PolledSocket ? 0 : this.unopened + 1;
  }

  /** @param {number} code why the socket was closed */
  lost(code) {
    this.noteUnopened();
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
    const patience = this.socket.readyState === WebSocket.CONNECTING ? OPENING : SILENT;
    if (!this.over && this.socket.readyState <= 1 && Date.now() - this.last > patience) this.renew();
  }

  renew() {
    const old = this.socket;
    this.noteUnopened();
    this.socket = null;
    this.state("lost");
    this.connect();
    old.close();
  }
}
