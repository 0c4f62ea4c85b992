/* Files with progress. htmx sends with fetch, which cannot report how much has left; a form that holds a chosen
   input[type=file][data-upload] is sent by XMLHttpRequest instead, and everything else stays with htmx. */
(() => {
  "use strict";
  const { $, text } = window.Centralita;
  const chosen = (form) => form && $("input[type=file][data-upload]", form)?.files.length > 0;

  const progressOf = (form) => {
    const bar = $("progress", form), line = $("[data-upload-text]", form);
    return (sent, total) => {
      const percent = total ? Math.floor((100 * sent) / total) : 0;
      if (bar) { bar.hidden = false; bar.max = 100; bar.value = percent; }
      if (line) line.textContent = percent < 100 ? text("uploading", { percent }) : text("uploaded");
    };
  };
  const clear = (form) => {
    const bar = $("progress", form), line = $("[data-upload-text]", form);
    if (bar) bar.hidden = true;
    if (line) line.textContent = "";
  };
  const headersOf = (xhr) => {
    const found = new Headers();
    for (const line of xhr.getAllResponseHeaders().trim().split(/\r?\n/)) {
      const colon = line.indexOf(":");
      if (colon > 0) found.append(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    return found;
  };
  const sendWith = (report) => (url, request) => new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(request.method, url);
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => report(event.loaded, event.lengthComputable ? event.total : 0);
    xhr.onload = () => resolve(new Response([204, 304].includes(xhr.status) ? null : xhr.responseText, { status: xhr.status, headers: headersOf(xhr) }));
    xhr.onerror = () => reject(new TypeError(text("upload_failed")));
    xhr.onabort = () => reject(new DOMException(text("upload_failed"), "AbortError"));
    request.signal.addEventListener("abort", () => xhr.abort());
    xhr.send(request.body);
  });

  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail, form = ctx.request.form;
    if (ctx.request.method === "GET" || !chosen(form)) return;
    ctx.request.timeout = 0; /* a slow line may need minutes; the bar shows that it moves, and the page can be left */
    ctx.fetch = sendWith(progressOf(form));
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.detail.ctx.request.form;
    if (form?.isConnected && $("[data-upload]", form)) clear(form);
  });
})();
