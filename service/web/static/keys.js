"use strict";
// The keys of the page: `?` lists them, `/` reaches the search, `g` and a letter lead to a page. A setting turns them off.

const OFF = "aplomb_keys=off";
const areKeysOff = () => document.cookie.split("; ").includes(OFF);
const isTyping = (target) => Boolean(target.matches?.("textarea, select, input:not([type=checkbox], [type=radio])"));
// Whether a single key may act: nobody is typing, no dialog is open, and the setting allows it.
const isFree = (event) =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing && !event.repeat &&
  !isTyping(event.target) && !find("dialog[open]") && !areKeysOff();
{
  const GOES_MS = 1500;
  const dialog = find("#keys");
  let gone = 0;

  const NAMES = { ArrowLeft: "←", ArrowRight: "→" };
  const kbd = (key) => make("kbd", {}, NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key));
  const labelOf = (element) => {
    const label = (element.labels?.[0] ?? element).cloneNode(true);
    for (const each of all("kbd, .hint, [aria-hidden=true], input, textarea", label)) each.remove();
    return (element.ariaLabel ?? label.textContent).trim().replace(/\s+/g, " ");
  };
  // The page's own keys are those that it can press now: none is listed that does nothing.
  const list = () => {
    const own = [...all("[aria-keyshortcuts]")].filter((each) => each.offsetParent && !dialog.contains(each));
    const rows = own.map((each) => make("div", {}, make("dt", {}, kbd(each.getAttribute("aria-keyshortcuts"))),
      make("dd", {}, labelOf(each))));
    find(".own dl", dialog).replaceChildren(...rows);
    find(".own", dialog).hidden = !rows.length;
    find(".searches", dialog).hidden = !find("[role=search]");
  };
  const open = () => {
    list();
    find("#keys-off").checked = areKeysOff();
    dialog.showModal();
  };

  const search = () => {
    const field = find("[role=search] :is(input:not([type=hidden]), select)");
    field?.focus();
    return field;
  };
  const press = (key) => {
    const found = find(`[data-key="${key}"]`);
    found?.click();
    return found;
  };
  const go = (key) => {
    const link = find(`[data-go="${key}"]`);
    link?.click();
    return link;
  };

  // Before the page's own keys, so that the letter after `g` is not one of theirs.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isTyping(event.target)) return (find("[data-heading]") ?? find("main")).focus();
    if (!isFree(event)) return;
    const key = event.key.toLowerCase();
    const isAfterG = Date.now() - gone < GOES_MS;
    gone = 0;
    let acted = false;
    if (isAfterG) acted = go(key);
    else if (key === "g") acted = gone = Date.now();
    else if (key === "?") { open(); acted = true; }
    else if (key === "/") acted = search();
    else if (/^[a-z]$/.test(key)) acted = press(key);
    if (!acted) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });

  find("#keys-off").addEventListener("change", ({ target }) => {
    document.cookie = target.checked ? `${OFF}; path=/; max-age=31536000; samesite=lax` : "aplomb_keys=; path=/; max-age=0";
  });
  const button = find("[data-keys]");
  button.hidden = false;
  button.addEventListener("click", open);
  dialog.addEventListener("click", ({ target }) => { if (target === dialog) dialog.close(); });
}
