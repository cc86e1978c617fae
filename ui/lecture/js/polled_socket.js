// @ts-check
// What a WebSocket does, by requests of HTTP: for networks in which a proxy lets no WebSocket through.

const BATCH = 4000; // characters of messages in one request; the server takes 4096 bytes
const BROKEN = 1006; // the code of a WebSocket whose connection broke off

class RequestFailed extends Error {
  /** @param {number} code as of a WebSocket that is closed */
  constructor(code) {
    super(`code ${code}`);
    this.code = code;
  }
}

export class PolledSocket {
  /** @param {string} address of the socket that does not open */
  constructor(address) {
    this.address = address.replace(/^ws/, "http").replace(/ws$/, "poll");
    /** @type {number} as of a WebSocket */
    this.readyState = WebSocket.CONNECTING;
    /** @type {string[]} */
    this.unsent = [];
    this.sending = false;
    this.ending = new AbortController();
    this.onopen = () => {};
    this.onmessage = (/** @type {{ data: string }} */ _message) => {};
    this.onclose = (/** @type {{ code: number }} */ _end) => {};
    this.listen();
  }

  // One request is always waiting for news. No message holds a line break.
  async listen() {
    try {
      this.address += `/${await this.post(this.address, "")}`;
      this.readyState = WebSocket.OPEN;
      this.onopen();
      while (this.readyState === WebSocket.OPEN) {
        const text = await this.post(this.address, "");
        for (const data of text.split("\n")) if (data) this.onmessage({ data });
      }
    } catch (error) {
      this.failed(error);
    }
  }

  /** @param {string} text */
  send(text) {
    this.unsent.push(text);
    if (!this.sending) this.flush();
  }

  // In order: the next request begins when the last one has arrived.
  async flush() {
    this.sending = true;
    try {
      while (this.unsent.length) {
        let body = this.unsent.shift();
        while (this.unsent.length && body.length + this.unsent[0].length < BATCH) body += "\n" + this.unsent.shift();
        await this.post(`${this.address}/say`, body);
      }
    } catch (error) {
      this.failed(error);
    }
    this.sending = false;
  }

  /**
   * @param {string} address
   * @param {string} body
   */
  async post(address, body) {
    const options = { method: "POST", body, cache: /** @type {const} */ ("no-store"), signal: this.ending.signal };
    let status, text;
    try {
      const answer = await fetch(address, options);
      status = answer.status;
      text = await answer.text();
    } catch {
      throw new RequestFailed(BROKEN);
    }
    if (status >= 300) throw new RequestFailed(4000 + status); // as the server closes sockets
    return text;
  }

  /** @param {unknown} error a failed request, or a fault of the page, which is not hidden */
  failed(error) {
    this.end(error instanceof RequestFailed ? error.code : BROKEN);
    if (!(error instanceof RequestFailed)) throw error;
  }

  /** @param {number} code why it does not go on */
  end(code) {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.ending.abort();
    this.onclose({ code });
  }

  close() {
    this.end(1000);
  }
}
