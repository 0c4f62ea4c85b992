"""The few lines of JavaScript that are run in pages. Everything they are told comes as an argument, never as text."""

FINDS = """
function all(by, what, root) {
  if (by === 'css selector') return [...(root || document).querySelectorAll(what)];
  const found = document.evaluate(what, root || document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
  return [...Array(found.snapshotLength).keys()].map(n => found.snapshotItem(n)).filter(n => n instanceof Element);
}
function visible(e) {
  return e.getClientRects().length > 0 && e.checkVisibility({opacityProperty: true, visibilityProperty: true});
}
"""

# [[by, what], ...] -> 0 absent, 1 hidden, 2 visible, 3 not a selector
LOOK = FINDS + """
return arguments[0].map(([by, what]) => {
  let found;
  try { found = all(by, what); } catch (e) { return 3; }
  return found.some(visible) ? 2 : found.length ? 1 : 0;
});
"""

# by, what -> the first visible one, else the first
FIND = FINDS + """
const found = all(arguments[0], arguments[1]);
return found.find(visible) || found[0] || null;
"""

# What a person would read: of a field what is in it, of a list what is chosen.
TEXT = """
const e = arguments[0];
if (e instanceof HTMLSelectElement) return [...e.selectedOptions].map(o => o.text).join(', ');
if (e instanceof HTMLInputElement && ['checkbox', 'radio'].includes(e.type)) return e.checked ? '1' : '0';
if (e instanceof HTMLInputElement || e instanceof HTMLTextAreaElement) return e.value;
return e.innerText ?? e.textContent ?? '';
"""

DISABLED = """
const e = arguments[0];
const own = e.matches(':disabled, [aria-disabled=true], .disabled');
return own || !!e.closest('[aria-disabled=true], li.disabled, fieldset:disabled');
"""

# [by, what], [[by, what], ...] -> a list of texts for each thing
ITEMS = FINDS + """
const inside = (root, [by, what]) => {
  const found = what === '.' && by === 'css selector' ? root : all(by, what, root)[0];
  return found ? (found.innerText ?? found.textContent ?? '').trim() : '';
};
return all(...arguments[0]).map(root => arguments[1].map(place => inside(root, place)));
"""

STATUS = "return (performance.getEntriesByType('navigation')[0] || {}).responseStatus || 0;"

# Chromium's own warning about a certificate.
WARNED = "return document.body.classList.contains('ssl');"

DRAWN = """new Promise(done => {
  requestAnimationFrame(() => done(true));
  setTimeout(() => done(false), 2000);
})"""

# Run apart from the page's own scripts (isolated world): it is told the secrets. Blackens each place where one of them
# is shown or typed, and frames that cannot be looked into.
MASK = """function(secrets) {
  const boxes = [], roots = [document];
  const shows = text => secrets.some(s => (text || '').includes(s));
  for (let n = 0; n < roots.length; n++) {
    const walk = document.createTreeWalker(roots[n], NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (!shows(node.data)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        boxes.push(...range.getClientRects());
      } else {
        if (node.shadowRoot) roots.push(node.shadowRoot);
        const typed = 'value' in node && typeof node.value === 'string' && shows(node.value);
        const closed = node.tagName === 'IFRAME' && secrets.length && !node.contentDocument;
        if (typed || closed || node.type === 'password') boxes.push(...node.getClientRects());
      }
    }
  }
  const cover = document.createElement('div');
  cover.id = 'office-cover';
  cover.popover = 'manual';
  cover.style.cssText = 'position:fixed;inset:0;width:auto;height:auto;margin:0;padding:0;border:0;background:none;' +
    'overflow:visible;pointer-events:none';
  for (const b of boxes) {
    const black = document.createElement('div');
    black.style.cssText = `position:fixed;background:#000;left:${b.left - 2}px;top:${b.top - 2}px;` +
      `width:${b.width + 4}px;height:${b.height + 4}px`;
    cover.append(black);
  }
  document.documentElement.append(cover);
  cover.showPopover();
  return boxes.length;
}"""

UNMASK = "function() { for (const e of document.querySelectorAll('#office-cover')) e.remove(); }"
