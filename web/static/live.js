/* Live pages: each nudge of the stream becomes the DOM event "nudge:<topic>" on body; macro live() listens to it.
   A name reaches the page at most once a second; a hidden tab hears it when it is seen again. */
(() => {
  "use strict";
  const { $, text, toast, say, memory, signIn, doing } = window.Centralita;
  const GAP_MS = 1000, PATIENCE_MS = 5000, LEASE_MS = 5000, JITTER_MS = 1500;

  /* From names to events */
  const due = new Map(), last = new Map(); /* name -> timer; name -> time of its last event */
  const hidden = new Set();
  const emit = (name) => {
    due.delete(name);
    if (document.hidden) { hidden.add(name); return; }
    if (last.size > 500) last.clear();
    last.set(name, Date.now());
    document.body.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  };
  const soon = (name, wait = 0) => {
    if (document.hidden) { hidden.add(name); return; }
    if (due.has(name)) return;
    const left = Math.max(wait, (last.get(name) ?? 0) + GAP_MS - Date.now());
    left > 0 ? due.set(name, setTimeout(emit, left, name)) : emit(name);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    const names = [...hidden];
    hidden.clear();
    names.includes("resync") ? soon("resync") : names.forEach((name) => soon(name));
  });

  /* The bar that says so when the server is away */
  let patience = 0, counting = 0;
  const count = (retryAt) => {
    const left = Math.ceil((retryAt - Date.now()) / 1000);
    $("#offline [data-wait]").textContent = left > 0 ? text("again_in", { n: left }) : text("again_now");
  };
  const away = (retryAt) => {
    const bar = $("#offline");
    if (!bar) return;
    bar.hidden = false;
    clearInterval(counting);
    count(retryAt);
    counting = setInterval(count, 1000, retryAt);
  };
  const state = ({ state: now, retryAt }) => {
    if (now === "open") {
      clearTimeout(patience);
      clearInterval(counting);
      patience = 0;
      const bar = $("#offline");
      if (bar && !bar.hidden) { bar.hidden = true; say(text("back")); }
    } else if (now === "out") {
      document.body.dispatchEvent(new CustomEvent("line:out"));
      doing.session_over ? doing.session_over() : toast({ kind: "danger", title: text("session_over"), text: text("session_over_help"), action: { label: text("sign_in"), run: signIn } });
    } else if (patience && !$("#offline")?.hidden) away(retryAt);
    else if (!patience) patience = setTimeout(() => away(retryAt), PATIENCE_MS);
  };
  const hear = (news) => {
    if (news.id) place = news.id;
    if (news.kind === "nudge") soon(`nudge:${news.topic}`);
    else if (news.kind === "resync") soon("resync", Math.random() * JITTER_MS); /* a thousand browsers return at once */
    else state(news);
  };

  /* Ways to hear: a worker for all tabs; one tab that leads and repeats; each tab for itself */
  const { live: url, liveAt, worker: workerUrl, who } = document.body.dataset;
  let place = liveAt; /* up to where this page knows what happened */
  const byWorker = () => {
    const worker = new SharedWorker(workerUrl, { name: `centralita-${who}` });
    worker.onerror = () => { line = byLeader(); line.start(); };
    worker.port.onmessage = ({ data }) => hear(data);
    return {
      start: () => worker.port.postMessage({ say: "hello", url, at: place }),
      now: () => worker.port.postMessage({ say: "now" }),
      stop: () => worker.port.postMessage({ say: "bye" }),
    };
  };
  const byLeader = () => {
    const me = Math.random().toString(36).slice(2), LEASE = `centralita:leader:${who}`;
    const air = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`centralita-live-${who}`);
    let board = null, turn = 0;
    const spread = (news) => { hear(news); air?.postMessage(news); };
    const lead = () => { board ??= new Switchboard(url, place, spread); };
    const follow = () => { board?.stream.stop(); board = null; };
    const elect = () => {
      if (!air) return lead();
      const lease = memory.get(LEASE), mine = lease?.me === me;
      if (mine || !lease || lease.until < Date.now()) memory.set(LEASE, { me, until: Date.now() + LEASE_MS });
      mine ? lead() : follow(); /* a lease just taken must still be ours at the next look */
    };
    if (air) air.onmessage = ({ data }) => {
      if (data.say === "hello") board?.welcome(data.at).forEach((news) => air.postMessage(news));
      else if (!board) hear(data);
    };
    return {
      start: () => { air?.postMessage({ say: "hello", at: place }); elect(); clearInterval(turn); turn = setInterval(elect, LEASE_MS / 5); },
      now: () => board?.stream.open(),
      stop: () => { clearInterval(turn); if (board) memory.set(LEASE, null); follow(); },
    };
  };
  let line = null;
  const begin = () => {
    if (!url) return;
    line ??= typeof SharedWorker === "undefined" ? byLeader() : byWorker();
    line.start();
  };
  doing.reconnect = () => line?.now();
  doing.listen_again = begin;
  addEventListener("online", () => line?.now());
  addEventListener("pagehide", () => line?.stop());
  addEventListener("pageshow", (event) => { if (event.persisted) begin(); });
  document.addEventListener("submit", (event) => { if (event.target.matches("[data-leave]")) { memory.set(WHO, ""); line?.stop(); } });

  /* Somebody else signed in, or this person left, in another tab: this page is of the past */
  const WHO = "centralita:who";
  if (who) memory.set(WHO, who);
  addEventListener("storage", (event) => {
    if (event.key !== WHO || !who || memory.get(WHO) === who) return;
    toast({ kind: "danger", title: text("other_session"), text: text("other_session_help"), action: { label: text("reload"), run: () => location.reload() } });
  });
  begin();
})();
