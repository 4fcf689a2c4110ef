"use strict";
// The log by keyboard: J and K go from ticket to ticket, Enter opens, X selects, F unfolds the filters, E the exports.
{
  const links = [...all(".log .what a")];
  const rows = links.map((link) => link.closest("tr"));
  let at = -1;
  const move = (by) => links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  document.addEventListener("focusin", ({ target }) => {
    const row = rows.findIndex((each) => each.contains(target));
    if (row >= 0) at = row;
  });
  const unfold = (selector, first) => {
    const details = find(selector);
    if (!details) return;
    details.open = true;
    find(first, details).focus();
    return details;
  };
  const picking = find("#picking");
  const boxes = [...all("[name=reply]")];
  const count = () => { find("button", picking).disabled = !boxes.some((box) => box.checked); };
  const select = () => {
    if (at < 0) move(1);
    const box = rows[at] && find("[name=reply]", rows[at]);
    box?.click();
    return box;
  };
  if (picking) {
    picking.addEventListener("submit", () => { find("button", picking).ariaBusy = "true"; });
    for (const box of boxes) box.addEventListener("change", count);
    addEventListener("pageshow", count);
    find("[data-select]").addEventListener("click", select);
  }
  const keys = {
    x: select,
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
