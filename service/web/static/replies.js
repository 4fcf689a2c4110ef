"use strict";
// The log by keyboard: J and K go from ticket to ticket, Enter opens, F unfolds the filters, E the exports.
{
  const links = [...all(".log .what a")];
  const move = (by) => {
    const at = links.indexOf(document.activeElement);
    links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  };
  const unfold = (selector, first) => {
    const details = find(selector);
    if (!details) return;
    details.open = true;
    find(first, details).focus();
    return details;
  };
  const keys = {
    j: () => { move(1); return links.length; },
    k: () => { move(-1); return links.length; },
    f: () => unfold(".more", "select"),
    e: () => unfold(".exports", "a"),
  };
  for (const button of all("[data-move]")) button.addEventListener("click", () => move(Number(button.dataset.move)));
  for (const each of all(".moves")) each.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (isFree(event) && keys[event.key.toLowerCase()]?.()) event.preventDefault();
  });
}
