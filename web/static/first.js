/* Runs before the first paint, so that a page never flashes in the wrong colours.
   The server prints the theme of whoever is signed in; what is kept on this computer serves everyone else. */
for (const name of ["theme", "density"]) {
  try {
    const kept = localStorage.getItem(name);
    if (kept && !document.documentElement.dataset[name]) document.documentElement.dataset[name] = kept;
  } catch { /* storage is blocked: the operating system decides */ }
}
