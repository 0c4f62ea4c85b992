/* Forms: drafts that survive, leaving that asks, locks that stay alive, focus on the first mistake.
   form[data-draft="contact-42"]     what is typed is kept on this computer until it is saved
   form[data-guard]                  leaving with changes asks (drafts ask too)
   form[data-lock-url="/…/bloqueo"]  POST while somebody types, at most one a minute; DELETE on leaving;
                                     GET when data-lock-topic is nudged: somebody may have taken it over */
(() => {
  "use strict";
  const { $, $$, text, toast, memory, headers, send, heed, byItself } = window.Centralita;
  const KEEP_MS = 7 * 86_400_000, BEAT_MS = 60_000, SAVE_MS = 600;
  const GUARDED = "form:is([data-draft], [data-guard], [data-lock-url])";
  const formOf = (target) => (target?.form ?? target?.closest?.("form"));

  /* One at a time: a second click or Enter is dropped while the first is on its way, also when it leads to another page */
  const sending = new Map(); /* form or button -> its request */
  const isDeed = (ctx) => ctx.sourceElement?.matches?.("form, button, a") && ctx.request.method !== "GET";
  const drop = (event, from) => {
    if (!sending.has(from)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("submit", (event) => drop(event, event.target), true);
  document.addEventListener("click", (event) => drop(event, event.target.closest?.(":is(button, a):is([hx-post], [hx-put], [hx-patch], [hx-delete])")), true);
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => { if (isDeed(ctx)) sending.set(ctx.sourceElement, ctx); });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (sending.get(ctx.sourceElement) === ctx && !ctx.response?.headers?.get("HX-Redirect")) sending.delete(ctx.sourceElement);
  });
  addEventListener("pageshow", () => sending.clear()); /* back again by the back button */

  /* Drafts */
  const keyOf = (form) => `centralita:draft:${document.body.dataset.who ?? ""}:${form.dataset.draft}`;
  const secret = (field) => /^(password|file|button|submit)$/.test(field.type) || field.name === "_csrf_token" || field.dataset.private !== undefined;
  const fields = (form) => [...form.elements].filter((field) => field.name && !secret(field));
  const read = (form) => fields(form).map((field) => [field.name, field.value, /^(checkbox|radio)$/.test(field.type) ? field.checked : null]);
  const write = (form, kept) => fields(form).forEach((field, i) => {
    const [name, value, on] = kept[i] ?? [];
    if (name !== field.name) return;
    if (on === null) field.value = value;
    else if (value === field.value) field.checked = on;
  });
  const forget = (form) => { if (form.dataset.draft) memory.set(keyOf(form), null); delete form.dataset.dirty; };
  const save = (form) => {
    memory.set(keyOf(form), { at: Date.now(), fields: read(form) });
    const note = $("[data-draft-note]", form);
    if (note) note.textContent = text("draft_saved", { time: new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false }) });
  };
  const restore = (form) => {
    form.dataset.draftRead = "yes";
    const kept = memory.get(keyOf(form)), before = read(form);
    if (!kept || kept.sent || Date.now() - kept.at > KEEP_MS || $("[aria-invalid=true]", form)) return memory.set(keyOf(form), null);
    if (JSON.stringify(kept.fields) === JSON.stringify(before)) return;
    write(form, kept.fields);
    form.dataset.dirty = "yes";
    toast({ kind: "warn", title: text("draft_back"), action: { label: text("draft_drop"), run: () => { write(form, before); forget(form); } } });
  };
  const lookForDrafts = () => $$("form[data-draft]:not([data-draft-read])").forEach(restore);

  const timers = new WeakMap();
  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (!form?.matches(GUARDED) || !event.target.name) return;
    form.dataset.dirty = "yes";
    if (form.dataset.lockUrl) beat(form);
    if (!form.dataset.draft) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => form.dataset.dirty && save(form), SAVE_MS));
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail, form = formOf(ctx.sourceElement);
    if (form?.matches(GUARDED) && ctx.request.method !== "GET" && ctx.response.status < 400) forget(form);
  });
  document.addEventListener("submit", (event) => { /* a plain form: the next page knows whether it went well */
    const form = event.target;
    if (event.defaultPrevented || !form.matches?.(GUARDED)) return;
    if (form.dataset.draft) memory.set(keyOf(form), { at: Date.now(), sent: true });
    delete form.dataset.dirty;
  });
  addEventListener("beforeunload", (event) => { if ($("form[data-dirty]:is([data-draft], [data-guard])")) event.preventDefault(); });

  /* Locks */
  const beats = new Map(); /* form -> time of the last beat */
  const release = (form) => {
    if (!beats.delete(form)) return;
    fetch(form.dataset.lockUrl, { method: "DELETE", headers: headers(), keepalive: true }).catch(() => { /* it expires by itself */ });
  };
  const lost = (form, answer) => {
    if (answer.status !== 409 && answer.status !== 423) return;
    beats.delete(form); /* somebody else has it now: nothing to free */
    form.dataset.lockLost = "yes";
    if (!heed(answer)) toast({ kind: "danger", title: text("lock_lost"), text: text("lock_lost_help") });
    form.dispatchEvent(new CustomEvent("lock:lost", { bubbles: true }));
  };
  const look = async (form) => {
    if (!form.isConnected || form.dataset.lockLost) return;
    try { lost(form, await send("GET", form.dataset.lockUrl, {}, { body: undefined })); } catch { /* offline: the next key tells */ }
  };
  const hold = () => { /* an editor that came with the page or with a swap: it is freed on leaving, typed in or not */
    for (const form of $$("form[data-lock-url]")) {
      if (beats.has(form) || form.dataset.lockLost) continue;
      beats.set(form, 0);
      if (form.dataset.lockTopic) document.body.addEventListener(`nudge:${form.dataset.lockTopic}`, () => look(form));
    }
  };
  document.addEventListener("DOMContentLoaded", hold);
  document.addEventListener("htmx:after:swap", hold);
  const beat = async (form) => {
    if (Date.now() - (beats.get(form) ?? 0) < BEAT_MS) return;
    beats.set(form, Date.now());
    try {
      const answer = await send("POST", form.dataset.lockUrl);
      lost(form, answer);
    } catch { beats.delete(form); /* offline: the next key tries again */ }
  };
  addEventListener("pagehide", () => [...beats.keys()].forEach(release));
  const here = (url) => $$("form[data-lock-url]").some((form) => form.dataset.lockUrl === url);
  document.addEventListener("htmx:after:swap", () => { /* a refused form comes again: the lock goes on */
    for (const form of [...beats.keys()].filter((one) => !one.isConnected)) here(form.dataset.lockUrl) ? beats.delete(form) : release(form);
  });

  /* A refresh that nobody asked for waits while somebody types in the region that it would replace */
  const waiting = new Map(); /* element -> name of the event to repeat */
  const busy = (region) => {
    const focus = document.activeElement;
    const typing = focus?.matches("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]") && region.contains(focus);
    return typing || region.matches("form[data-dirty]") || $("form[data-dirty]", region);
  };
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    if (!byItself(ctx) || ctx.sourceEvent.type === "load" || !tasks.some((task) => task.target instanceof Element && busy(task.target))) return;
    event.preventDefault();
    waiting.set(ctx.sourceElement, ctx.sourceEvent.type);
  });
  document.addEventListener("focusout", () => setTimeout(() => {
    for (const [element, name] of waiting) {
      if (element.isConnected && busy(element)) continue;
      waiting.delete(element);
      if (element.isConnected) document.body.dispatchEvent(new CustomEvent(name));
    }
  }, 250));

  /* After a refused form, the first field to mend */
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx.response?.status !== 422) return;
    const region = ctx.target?.isConnected ? ctx.target : document;
    $("[aria-invalid=true]", region)?.focus();
  });
  document.addEventListener("htmx:after:settle", lookForDrafts);
  document.addEventListener("DOMContentLoaded", () => { lookForDrafts(); $("main [aria-invalid=true]")?.focus(); });
})();
