/* Lists: the cursor that j and k move, marks with ranges, the bar of bulk actions, where focus goes after a row leaves.
   [data-list] holds [data-item]s; a mark is an input[type=checkbox] inside an item; [data-check-all] marks what is visible. */
(() => {
  "use strict";
  const { $, $$, doing, say } = window.Centralita;
  const items = () => $$("[data-list] [data-item]");
  const boxOf = (item) => item && $('input[type="checkbox"]', item);
  let at = null, anchor = null; /* elements: indexes would lie after a swap */

  const settle = () => { if (at && !at.isConnected) at = (at.id && document.getElementById(at.id)) || null; };
  const current = () => { settle(); return at; };
  const put = (item) => {
    $$(".is-cursor").forEach((old) => old.classList.remove("is-cursor"));
    at = item;
    item.classList.add("is-cursor");
    item.scrollIntoView({ block: "nearest" });
    (item.matches("a") ? item : $("a[href]", item) ?? $("button, input", item))?.focus({ preventScroll: true });
  };
  const move = (step) => {
    const all = items();
    if (!all.length) return;
    const n = all.indexOf(current());
    put(all[n < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, n + step))]);
  };

  /* Marks */
  const boxes = () => items().map(boxOf).filter(Boolean);
  const range = (from, to, on) => {
    const all = boxes(), [a, b] = [all.indexOf(from), all.indexOf(to)].sort((x, y) => x - y);
    if (a >= 0) all.slice(a, b + 1).forEach((box) => (box.checked = on));
  };
  const mark = (extend) => {
    const box = boxOf(current());
    if (!box) return;
    if (extend && anchor?.isConnected) range(anchor, box, (box.checked = true));
    else { box.checked = !box.checked; anchor = box; }
    if (!box.checked) wholeFilter(false);
    show();
  };
  document.addEventListener("click", (event) => {
    const box = event.target.closest('[data-list] [data-item] input[type="checkbox"]');
    if (!box) return;
    if (event.shiftKey && anchor?.isConnected) range(anchor, box, box.checked);
    anchor = box;
    if (!box.checked) wholeFilter(false);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-check-all]")) {
      boxes().forEach((box) => (box.checked = event.target.checked));
      if (!event.target.checked) wholeFilter(false);
    }
    if (event.target.closest("[data-item], [data-check-all]")) show();
  });

  /* #bulkbar (macro bulkbar): how many are marked, or all that the filter finds */
  const wholeFilter = (on) => {
    const field = $("#bulkbar [data-bulk-all]");
    if (!field) return;
    field.disabled = !on;
    field.value = on ? "1" : "";
  };
  const show = () => {
    const bar = $("#bulkbar");
    if (!bar) return;
    const all = boxes(), marked = all.filter((box) => box.checked).length;
    if (!marked) wholeFilter(false);
    const whole = $("[data-bulk-all]", bar)?.value === "1", button = $('[data-do="bulk-all"]', bar);
    const n = whole ? button.dataset.total : marked;
    const words = (String(n) === "1" ? bar.dataset.one : bar.dataset.many).replace("{n}", n);
    if (button) button.hidden = whole || Number(button.dataset.count ?? button.dataset.total) <= marked;
    if (!bar.hidden || marked) { if ($("[data-bulk-count]", bar).textContent !== words && marked) say(words); }
    $("[data-bulk-count]", bar).textContent = words;
    bar.hidden = !marked;
    const head = $("[data-check-all]");
    if (head) { head.checked = marked > 0 && marked === all.length; head.indeterminate = marked > 0 && marked < all.length; }
  };
  doing["bulk-all"] = () => { boxes().forEach((box) => (box.checked = true)); wholeFilter(true); show(); };
  doing["bulk-none"] = () => { boxes().forEach((box) => (box.checked = false)); wholeFilter(false); show(); };
  document.addEventListener("marks:clear", doing["bulk-none"]);

  /* [data-stamps] tells the server which rows are here and how they look; only what differs comes back */
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.dataset?.stamps === undefined) return;
    ctx.request.body.append("v", items().filter((item) => item.dataset.v).map((item) => `${item.id.replace(/\D+/, "")}:${item.dataset.v}`).join(","));
  });

  /* Where focus goes when the row that had it leaves */
  let heir = null;
  document.addEventListener("htmx:before:swap", ({ detail }) => {
    const item = document.activeElement?.closest("[data-item]") ?? detail.ctx.sourceElement?.closest?.("[data-item]");
    const all = items(), n = all.indexOf(item);
    heir = n < 0 ? null : { item, next: all[n + 1] ?? all[n - 1] };
  });
  document.addEventListener("htmx:after:swap", () => {
    if (heir && !heir.item.isConnected && heir.next?.isConnected && document.activeElement === document.body) put(heir.next);
    if (current()) at.classList.add("is-cursor"); /* a morph prints the class anew */
    heir = null;
    if ($("#bulkbar [data-bulk-all]")?.value === "1") boxes().forEach((box) => (box.checked = true)); /* the next page belongs to it too */
    show();
  });
  document.addEventListener("DOMContentLoaded", show); /* the browser may bring back marks on "back" */

  Object.assign(window.Centralita, { list: { move, mark, current } });
})();
