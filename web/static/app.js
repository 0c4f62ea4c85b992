/* Centralita in the browser: texts, toasts, errors, looks, clocks. Plain JavaScript, no build; htmx 4.0.1 is the only dependency.
   Everything hangs from data- attributes and from listeners on the document, so swapped fragments need no set-up.
   The other files add themselves to window.Centralita: dialogs, lists, keys, forms, upload, live. */
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const root = document.documentElement;
  const doing = {}; /* data-do="name" -> function(button) */

  /* Sentences come from shell/_texts.html; {x} is filled in */
  const text = (name, values = {}) =>
    ($(`#texts`)?.content.querySelector(`[data-name="${name}"]`)?.textContent ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const say = (sentence) => {
    const box = $("#live");
    if (!box) return;
    box.textContent = "";
    requestAnimationFrame(() => (box.textContent = sentence));
  };
  const make = (tag, props = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  };
  const glyph = (name) => {
    const i = make("i", { className: `i i-${name}` });
    i.setAttribute("aria-hidden", "true");
    return i;
  };
  const memory = { /* localStorage that may be blocked or full */
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { value == null ? localStorage.removeItem(key) : localStorage.setItem(key, JSON.stringify(value)); } catch { /* a convenience is lost, no data */ } },
  };

  /* Requests outside htmx carry the same token as the ones inside */
  const headers = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}");
  const send = (method, url, fields = {}, options = {}) =>
    fetch(url, { method, headers: { ...headers(), "HX-Request": "true", "HX-Request-Type": "partial" },
      body: method === "DELETE" ? undefined : new URLSearchParams(fields), ...options });

  /* Toasts. The server answers with the header HX-Trigger: {"aviso": {"kind": "ok", "title": "…", "undo": {"url": "…"}}}.
     Errors stay until they are read; the rest goes after 6 s, or 10 s where it can be undone, and waits under the pointer. */
  const undo = (url) => htmx.ajax("POST", url, { target: "#toasts", swap: "none" });
  const actionOf = (notice) => notice.action ?? (notice.undo && { label: notice.undo.label || text("undo"), run: () => undo(notice.undo.url) });
  const toast = (notice) => {
    const box = $("#toasts");
    if (!box) return;
    const bad = notice.kind === "danger" || notice.kind === "error", action = actionOf(notice);
    const close = make("button", { type: "button", className: "btn quiet icon sm", ariaLabel: text("close"), onclick: () => note.remove() }, glyph("x"));
    const body = make("div", {}, make("b", { textContent: notice.title }));
    const note = make("div", { className: `toast ${bad ? "danger" : notice.kind || "ok"}` }, glyph(bad || notice.kind === "warn" ? "alert" : "check"), body, close);
    note.setAttribute("role", bad ? "alert" : "status");
    if (notice.text) body.append(make("p", { textContent: notice.text }));
    if (action) body.append(make("button", { type: "button", className: "link", textContent: action.label, onclick: () => { note.remove(); action.run(); } }));
    box.append(note);
    while (box.children.length > 4) box.firstElementChild.remove();
    if (!bad) fade(note, action ? 10_000 : 6000);
    return note;
  };
  const fade = (note, after) => {
    const again = () => setTimeout(() => (note.matches(":hover, :focus-within") ? again() : note.remove()), after);
    again();
  };

  /* A toast that arrives together with a redirect is shown on the page that follows */
  const KEPT = "centralita:toasts";
  const carry = (notices) => { try { sessionStorage.setItem(KEPT, JSON.stringify({ at: Date.now(), notices })); } catch { /* shown here only */ } };
  const carried = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT));
      sessionStorage.removeItem(KEPT);
      if (kept?.left && Date.now() - kept.at < 15_000) kept.notices.forEach(toast);
    } catch { /* nothing was kept */ }
  };
  addEventListener("pagehide", () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT));
      if (kept) sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, left: Date.now() - kept.at < 1500 }));
    } catch { /* same */ }
  });
  document.addEventListener("aviso", (event) => {
    const notices = [event.detail.value ?? event.detail].flat();
    notices.forEach(toast);
    carry(notices.filter((n) => !n.action));
  });
  /* The same header on an answer that htmx did not fetch */
  const heed = (response) => {
    const value = response.headers.get("HX-Trigger");
    if (!value?.startsWith("{")) return false;
    for (const [name, detail] of Object.entries(JSON.parse(value))) document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
    return true;
  };

  /* Answers that no fragment handled: never lose what was written, always say what to do */
  const WORD = { 400: "bad", 403: "forbidden", 404: "gone", 413: "large", 429: "slow" };
  const byItself = (ctx) => /^(nudge:|resync|load|every|intersect)/.test(ctx?.sourceEvent?.type ?? "");
  const signIn = () => location.assign(`${document.body.dataset.login}?siguiente=${encodeURIComponent(location.pathname + location.search)}`);
  const again = (ctx) => () => {
    const from = ctx.sourceElement;
    from.matches("form") ? from.requestSubmit() : htmx.trigger(from, ctx.sourceEvent?.type ?? "click");
  };
  document.addEventListener("htmx:response:error", (event) => {
    const { ctx } = event.detail, status = ctx.response.status;
    if (status === 401) return signIn();
    if (status === 422 || status === 409 || (status === 404 && ctx.swap !== "none")) return; /* the fragment says it */
    if (byItself(ctx)) return ctx.sourceElement.classList.add("is-stale");
    if (ctx.hx?.trigger?.includes('"aviso"')) return;
    const word = WORD[status] ?? "failed", reference = ctx.response.headers.get("X-Request-ID");
    const help = text(`${word}_help`) + (status >= 500 && reference ? ` ${text("reference", { reference })}.` : "");
    toast({ kind: "danger", title: text(word), text: help, action: status >= 500 || status === 429 ? { label: text("retry"), run: again(ctx) } : null });
  });
  document.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (!ctx || byItself(ctx)) return; /* without ctx it is a fault of ours, in the console; live regions have the offline bar */
    toast({ kind: "danger", title: text("offline"), text: text("offline_help"), action: { label: text("retry"), run: again(ctx) } });
  });

  /* Theme and density: saved with the account when signed in, on this computer otherwise */
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const prefer = (fields) => { const { prefs } = document.body.dataset; return prefs ? send("POST", prefs, fields).catch(() => toast({ kind: "danger", title: text("offline"), text: text("offline_help") })) : null; };
  const keepHere = (name, value) => { try { value ? localStorage.setItem(name, value) : localStorage.removeItem(name); } catch { /* lasts until the page is left */ } };
  doing.theme = () => {
    root.dataset.theme = dark() ? "light" : "dark";
    if (!prefer({ theme: root.dataset.theme })) keepHere("theme", root.dataset.theme);
  };
  const density = (value) => { value ? (root.dataset.density = value) : delete root.dataset.density; keepHere("density", value); };
  doing.density = () => density(root.dataset.density === "compact" ? "" : "compact");
  doing.tv = () => density(root.dataset.density === "tv" ? "" : "tv");
  doing.dismiss = (button) => button.closest("[data-dismissable]")?.remove();
  doing.copy = (button) => {
    const from = $(button.dataset.from), value = from?.value ?? from?.textContent ?? button.dataset.value ?? "";
    const done = () => toast({ title: text("copied") });
    if (navigator.clipboard) return navigator.clipboard.writeText(value.trim()).then(done);
    const area = make("textarea", { value: value.trim(), className: "sr" }); /* plain http has no clipboard API */
    (button.closest("dialog") ?? document.body).append(area);
    area.select();
    if (document.execCommand("copy")) done();
    area.remove();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) doing[button.dataset.do]?.(button, event);
  });

  /* One clock for every live time: <time data-since="ISO"> counts up, <time data-until="ISO"> counts down */
  const pad = (n) => String(n).padStart(2, "0");
  const clock = (s) => { const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60; return h ? `${h}:${pad(m)}:${pad(s % 60)}` : `${pad(m)}:${pad(s % 60)}`; };
  const tick = () => {
    if (document.hidden) return;
    for (const t of $$("time[data-since]")) t.textContent = clock(Math.max(0, Math.round((Date.now() - new Date(t.dataset.since)) / 1000)));
    for (const t of $$("time[data-until]")) {
      const s = Math.round((new Date(t.dataset.until) - Date.now()) / 1000), box = t.closest(".sla");
      t.textContent = (s < 0 ? "−" : "") + clock(Math.abs(s));
      box?.classList.toggle("late", s < 0);
      box?.classList.toggle("near", s >= 0 && s < 600);
    }
  };
  setInterval(tick, 1000);

  window.Centralita = { $, $$, text, say, toast, make, memory, headers, send, heed, prefer, byItself, signIn, doing };
  document.addEventListener("DOMContentLoaded", carried);
})();
