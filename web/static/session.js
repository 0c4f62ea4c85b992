/* Two minutes before a session ends a dialog says so: one press keeps it open; once it has ended, another tab lets the
   person in again. What is typed stays where it is. The end is kept on this computer, so that all tabs agree on it. */
(() => {
  "use strict";
  const { $, $$, text, memory, send, heed, doing } = window.Centralita;
  const WARN_MS = 120_000, PAUSE_MS = 1500, GRACE_MS = 20_000;
  const { sessionLeft, who } = document.body.dataset, ENDS = `centralita:ends:${who}`;
  const dialog = $("#session");
  if (!dialog) return;
  const problem = $("[data-problem]", dialog);
  let ends = 0, typed = 0, over = false, later = false; /* later: «Ahora no» was chosen in this state */

  const complain = (sentence) => { problem.textContent = sentence; problem.hidden = !sentence; };
  const part = () => {
    over = ends <= Date.now();
    for (const one of $$("[data-soon]", dialog)) one.hidden = over;
    for (const one of $$("[data-over]", dialog)) one.hidden = !over;
    complain("");
    if (dialog.open) $(over ? "a.primary" : "button.primary", dialog).focus();
  };
  const look = () => {
    const left = ends - Date.now();
    if (left > WARN_MS) return dialog.open && dialog.close();
    if (over !== left <= 0) { later = false; part(); }
    const typing = Date.now() - typed < PAUSE_MS && left > 0 && left > WARN_MS - GRACE_MS;
    if (dialog.open || later || typing) return; /* a word is finished first: the next key must not press a button */
    dialog.showModal();
    part();
  };
  const until = (at) => {
    const wasOver = over;
    ends = at;
    $("time", dialog).dataset.until = new Date(at).toISOString();
    later = false;
    part();
    look();
    if (wasOver && !over) doing.listen_again?.();
  };
  const tell = (at) => { memory.set(ENDS, at); until(at); };

  doing.stay = async (button) => {
    button.disabled = true;
    try {
      const answer = await send("POST", "/sesion");
      if (answer.ok) heed(answer);
      else if (answer.status === 401) until(0);
      else complain(answer.status === 409 ? text("session_last") : text("failed"));
    } catch {
      complain(text("offline"));
    }
    button.disabled = false;
  };
  doing.session_over = () => until(0);
  document.addEventListener("session:ends", (event) => tell(Date.now() + 1000 * event.detail.left));
  document.addEventListener("keydown", () => { typed = Date.now(); }, true);
  dialog.addEventListener("close", () => { later = ends - Date.now() <= WARN_MS; });
  addEventListener("storage", (event) => { if (event.key === ENDS && memory.get(ENDS)) until(memory.get(ENDS)); });
  addEventListener("pageshow", (event) => { if (event.persisted) until(memory.get(ENDS) ?? ends); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  setInterval(look, 1000);
  tell(Date.now() + 1000 * sessionLeft);
})();
