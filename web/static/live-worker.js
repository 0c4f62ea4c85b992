/* The one stream of nudges that all tabs of a browser share (HTTP/1.1 allows about six connections per host).
   As a SharedWorker it owns the EventSource and posts to every tab; a page loads the same file for its classes,
   and runs them itself where SharedWorker is missing (see live.js). A nudge is a name, never data.
   News: {kind: "nudge", id, topic} | {kind: "resync", id} | {kind: "state", state: "open" | "lost" | "out", retryAt}.
   An id is "boot-number"; a page carries the one of the moment it was read, so nothing falls between page and stream. */
"use strict";

const placeOf = (id) => {
  const [boot, number] = String(id ?? "").split("-");
  return { boot, number: Number(number) };
};

class NudgeStream {
  constructor(url, at, hear) {
    Object.assign(this, { url, at, hear, source: null, tries: 0, openedAt: 0, timer: 0, wasOpen: false, state: "lost", retryAt: 0, seen: Date.now() });
    this.watch = setInterval(() => this.wake(), 10_000);
    this.open();
  }

  open() {
    clearTimeout(this.timer);
    this.source?.close();
    const source = (this.source = new EventSource(this.at ? `${this.url}?after=${encodeURIComponent(this.at)}` : this.url));
    source.onopen = () => this.opened();
    source.onerror = () => source === this.source && this.lost();
    source.addEventListener("nudge", (event) => this.pass("nudge", event));
    source.addEventListener("resync", (event) => this.pass("resync", event));
  }

  pass(kind, event) {
    if (event.lastEventId) this.at = event.lastEventId;
    this.hear({ kind, id: this.at, topic: event.data });
  }

  opened() {
    this.openedAt = Date.now();
    this.tell("open");
    if (this.wasOpen && !this.at) this.hear({ kind: "resync" }); /* without a place the server cannot tell what we missed */
    this.wasOpen = true;
  }

  async lost() {
    this.source.close();
    if (this.openedAt && Date.now() - this.openedAt > 10_000) this.tries = 0; /* one that opens and falls at once is not well yet */
    this.openedAt = 0;
    const wait = Math.min(15_000, 1000 * 2 ** this.tries++) * (0.8 + Math.random() * 0.4);
    this.retryAt = Date.now() + wait;
    this.tell("lost");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), wait);
    if (await this.refused()) this.stop("out");
  }

  /* An EventSource does not tell a closed session from a dead server */
  async refused() {
    const ask = new AbortController();
    try {
      const answer = await fetch(this.url, { headers: { Accept: "text/event-stream", "HX-Request-Type": "partial" }, signal: ask.signal });
      return answer.status === 401 || answer.status === 403;
    } catch {
      return false; /* no network: the timer tries again */
    } finally {
      ask.abort();
    }
  }

  /* After sleep the connection may look open and be dead */
  wake() {
    const slept = Date.now() - this.seen > 40_000;
    this.seen = Date.now();
    if (slept && this.state !== "out") this.open();
  }

  tell(state) {
    this.state = state;
    this.hear({ kind: "state", state, retryAt: this.retryAt });
  }

  stop(state) {
    clearTimeout(this.timer);
    clearInterval(this.watch);
    this.source.close();
    if (state) this.tell(state);
  }
}

/* What passed lately, for a tab that was read before it could listen */
class Lately {
  constructor(at) {
    this.from = placeOf(at);
    this.news = [];
  }

  keep(news) {
    if (news.kind === "state") return;
    if (placeOf(news.id).boot !== this.from.boot) Object.assign(this, { from: placeOf(news.id), news: [] }); /* the server started anew */
    this.news.push(news);
    if (this.news.length > 300) this.from = placeOf(this.news.shift().id);
  }

  since(id) {
    const page = placeOf(id);
    if (page.boot !== this.from.boot || !(page.number >= this.from.number)) return [{ kind: "resync" }];
    return this.news.filter((news) => placeOf(news.id).number > page.number || placeOf(news.id).boot !== page.boot);
  }
}

/* One stream for many listeners: the worker's tabs, or the tabs that one of them leads */
class Switchboard {
  constructor(url, at, spread) {
    this.lately = new Lately(at);
    this.stream = new NudgeStream(url, at, (news) => { this.lately.keep(news); spread(news); });
  }

  /* What a new listener must hear: how the line is, and what it missed */
  welcome(at) {
    const { state, retryAt } = this.stream;
    return [{ kind: "state", state, retryAt }, ...this.lately.since(at)];
  }

  get over() {
    return this.stream.state === "out";
  }
}

/* Worker side. Tabs say: hello {url, at}, bye, now (try again at once) */
class Exchange {
  constructor() {
    this.tabs = new Set();
    this.board = null;
  }

  plug(port) {
    port.onmessage = ({ data }) => this[data.say]?.(port, data);
  }

  hello(port, { url, at }) {
    this.tabs.add(port);
    if (this.board && !this.board.over) this.board.welcome(at).forEach((news) => port.postMessage(news));
    else this.board = new Switchboard(url, at, (news) => this.tabs.forEach((tab) => tab.postMessage(news)));
  }

  bye(port) {
    this.tabs.delete(port);
    if (this.tabs.size) return;
    this.board?.stream.stop();
    this.board = null;
  }

  now() {
    if (this.board && !this.board.over) this.board.stream.open();
  }
}

if (typeof SharedWorkerGlobalScope !== "undefined" && self instanceof SharedWorkerGlobalScope) {
  const exchange = new Exchange();
  self.onconnect = (event) => exchange.plug(event.ports[0]);
}
