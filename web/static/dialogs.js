/* Dialogs: the confirmation, the modal that a fragment fills, the palette, and help for browsers without command= or CSS anchors. */
(() => {
  "use strict";
  const { $, $$, doing } = window.Centralita;

  /* Confirm: <button hx-delete hx-confirm="…" data-confirm-verb="Eliminar"> or <form data-confirm="…"> opens #confirm */
  const ask = (from, question, yes, no) => {
    const dialog = $("#confirm"), verb = $("[data-verb]", dialog), why = $("[data-p]", dialog);
    verb.dataset.usual ??= verb.textContent;
    $("[data-q]", dialog).textContent = question;
    verb.textContent = from.dataset.confirmVerb || verb.dataset.usual;
    why.textContent = from.dataset.confirmText || "";
    why.hidden = !why.textContent;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => (dialog.returnValue === "yes" ? yes() : no?.()), { once: true });
    dialog.showModal();
  };
  document.addEventListener("htmx:confirm", (event) => {
    const { ctx, issueRequest, dropRequest } = event.detail;
    if (!ctx.confirm || !$("#confirm")) return;
    event.preventDefault();
    ask(ctx.sourceElement, ctx.confirm, issueRequest, dropRequest);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target, question = form.dataset.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    ask(form, question, () => { form.dataset.confirmed = "yes"; form.requestSubmit(event.submitter); delete form.dataset.confirmed; });
  }, true);

  /* <button hx-get="…" hx-target="#modal"> shows the fragment in a dialog; HX-Trigger: {"modal:close": {}} closes it */
  document.addEventListener("htmx:after:settle", (event) => {
    const dialog = event.target.closest?.("dialog[data-modal]");
    if (dialog && !dialog.open && dialog.firstElementChild) dialog.showModal();
  });
  document.addEventListener("modal:close", () => $$("dialog[data-modal][open]").forEach((dialog) => dialog.close()));
  document.addEventListener("close", (event) => { if (event.target.matches?.("dialog[data-modal]")) event.target.replaceChildren(); }, true);
  doing.close = (button) => button.closest("dialog")?.close();
  doing.keys = () => $("#keys")?.showModal();

  /* Any link or button chosen inside a sheet or menu closes it */
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest(".menu :is(a, button), .sheet :is(a, [data-do])");
    if (!chosen || chosen.hasAttribute("popovertarget")) return;
    chosen.closest("[popover]")?.hidePopover();
    chosen.closest(".sheet")?.close();
  });

  if (!("commandForElement" in HTMLButtonElement.prototype)) document.addEventListener("click", (event) => {
    const button = event.target.closest("[commandfor]");
    if (!button) return;
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    button.getAttribute("command") === "close" ? dialog.close() : dialog.showModal();
  });
  if (!("closedBy" in HTMLDialogElement.prototype)) document.addEventListener("click", (event) => {
    if (event.target.matches("dialog[closedby=any]")) event.target.close(); /* only the backdrop reports the dialog itself */
  });
  if (!CSS.supports("position-area", "block-end")) document.addEventListener("toggle", (event) => {
    if (event.newState !== "open" || !event.target.matches?.(".menu[popover]")) return;
    const button = $(`[popovertarget="${event.target.id}"]`)?.getBoundingClientRect();
    if (!button) return;
    const menu = event.target, below = button.bottom + menu.offsetHeight < innerHeight;
    menu.style.insetBlockStart = `${below ? button.bottom : button.top - menu.offsetHeight - 8}px`;
    menu.style.insetInlineStart = `${Math.max(8, Math.min(button.left, innerWidth - menu.offsetWidth - 8))}px`;
  }, true);
  document.addEventListener("toggle", (event) => { /* a menu opened by keyboard starts on its first entry */
    if (event.newState === "open" && event.target.matches?.(".menu[popover]")) $("a, button, input, select", event.target)?.focus();
  }, true);
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".menu[popover]"), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!menu || !step) return;
    event.preventDefault();
    const entries = $$("a, button", menu), at = entries.indexOf(document.activeElement);
    entries[(at + step + entries.length) % entries.length]?.focus();
  });

  /* Palette: what the server printed, filtered here, and under it what /buscar found */
  const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const options = () => $$('#pal-list [role="option"]:not([hidden])');
  const select = (n) => {
    const all = options();
    all.forEach((option, i) => { option.id ||= `pal-${Math.random().toString(36).slice(2)}`; option.setAttribute("aria-selected", i === n); });
    const input = $("#palette input");
    all[n] ? input.setAttribute("aria-activedescendant", all[n].id) : input.removeAttribute("aria-activedescendant");
    all[n]?.scrollIntoView({ block: "nearest" });
    $("#palette .pal-none").hidden = all.length > 0;
  };
  const filter = (typed) => {
    const wanted = plain(typed.trim());
    for (const option of $$("#pal-list [data-static]")) option.hidden = !plain(option.textContent).includes(wanted);
    for (const group of $$("#pal-list > [role=group]:not(#pal-found)")) group.hidden = !$('[role="option"]:not([hidden])', group);
    if (!wanted) $("#pal-found").replaceChildren();
    select(0);
  };
  doing.palette = () => {
    const dialog = $("#palette");
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const input = $("input", dialog);
    input.value = "";
    filter("");
    input.focus();
  };
  document.addEventListener("input", (event) => { if (event.target.closest("#palette")) filter(event.target.value); });
  document.addEventListener("htmx:after:settle", (event) => { if (event.target.id === "pal-found") select(0); });
  document.addEventListener("keydown", (event) => {
    if (!event.target.closest?.("#palette")) return;
    const all = options(), at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      select((at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
    }
    if (event.key === "Enter" && all[at]) { event.preventDefault(); all[at].click(); }
  });
})();
