/* Keys. Nothing fires while typing or under a dialog, except Ctrl K and Ctrl Enter; single keys can be turned off (WCAG 2.1.4). */
(() => {
  "use strict";
  const { $, $$, doing, list, text, toast, memory, prefer } = window.Centralita;
  const KEPT = "centralita:single-keys";
  const single = () => (document.body.dataset.keys ?? memory.get(KEPT)) !== "off";
  const GO_MS = 900; /* g and then a letter */
  let g = 0;

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-single-keys]")) return;
    const value = event.target.checked ? "on" : "off";
    document.body.dataset.keys = value;
    if (!prefer({ single_keys: value })) memory.set(KEPT, value);
    toast({ title: text(`keys_${value}`) });
  });

  const press = (selector) => {
    const found = $$(selector).find((b) => !b.disabled && b.checkVisibility?.() !== false);
    found?.click();
    return Boolean(found);
  };
  const search = () => { const field = $("[data-search]"); field?.focus(); field?.select?.(); return Boolean(field); };
  const open = () => {
    const item = list.current();
    if (!item || document.activeElement?.closest("a, button, input, summary, [tabindex='0']")) return false;
    (item.matches("a") ? item : $("a[href]", item))?.click();
    return true;
  };
  const rowMenu = () => { const button = list.current() && $("[data-menu]", list.current()); button?.click(); return Boolean(button); };
  const SINGLE = {
    j: () => (list.move(1), true), k: () => (list.move(-1), true), x: () => (list.mark(false), true), X: () => (list.mark(true), true),
    "/": search, "?": () => (doing.keys(), true), ".": rowMenu, Enter: open,
  };
  const goes = (key) => {
    const link = Date.now() - g < GO_MS && $(`.nav [data-go="${CSS.escape(key)}"]`); /* also where the rail or the phone hides it */
    if (link) link.click();
    return Boolean(link);
  };
  const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "k") { event.preventDefault(); return doing.palette(); }
    if (command && event.key === "Enter") { event.preventDefault(); return event.target.form?.requestSubmit(); }
    if (event.key === "Escape" && typing(event.target) && !$("dialog[open]")) return event.target.blur();
    if (command || event.altKey || event.defaultPrevented || !single() || typing(event.target) || $("dialog[open]")) return;
    if (goes(event.key)) { g = 0; return event.preventDefault(); }
    if (event.key === "g") { g = Date.now(); return; }
    const done = SINGLE[event.key]?.() || press(`[data-key="${CSS.escape(event.key)}"]`);
    if (done && event.key !== "Enter") event.preventDefault();
  });
})();
