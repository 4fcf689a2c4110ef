"use strict";
// Judging by keyboard, without a new page between two replies. Each page works without it.
{
  const HEARTBEAT = 5 * 60_000;
  let timers = [];

  const form = () => find("#judging");
  const say = (words) => { find(".saying", form()).textContent = words; };

  // Word by word: the longest common part stays, the rest is removed or added.
  const words = (text) => text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
  const compare = (before, after) => {
    const [a, b] = [words(before), words(after)];
    let start = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
    let end = 0;
    while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
    const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
    const middle = x.length * y.length > 4e6 ? [["del", x.join("")], ["ins", y.join("")]] : longest(x, y);
    const pieces = [["", a.slice(0, start).join("")], ...middle, ["", end ? a.slice(-end).join("") : ""]];
    return pieces.filter(([, text]) => text);
  };
  const longest = (x, y) => {
    const table = Array.from({ length: x.length + 1 }, () => new Uint16Array(y.length + 1));
    for (let i = x.length - 1; i >= 0; i -= 1)
      for (let j = y.length - 1; j >= 0; j -= 1)
        table[i][j] = x[i] === y[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    const pieces = [];
    const add = (kind, text) => {
      if (pieces.at(-1)?.[0] === kind) pieces.at(-1)[1] += text;
      else pieces.push([kind, text]);
    };
    let [i, j] = [0, 0];
    while (i < x.length || j < y.length) {
      if (i < x.length && j < y.length && x[i] === y[j]) { add("", x[i]); i += 1; j += 1; }
      else if (j >= y.length || (i < x.length && table[i + 1][j] >= table[i][j + 1])) { add("del", x[i]); i += 1; }
      else { add("ins", y[j]); j += 1; }
    }
    return pieces;
  };
  const unseen = (text) => make("span", { className: "unseen" }, `[${text}] `);
  const showChanges = () => {
    const { correction } = form().elements;
    const shown = find(".changes", form());
    const { added, removed } = form().dataset;
    const labels = { ins: added, del: removed };
    const pieces = compare(correction.dataset.text, correction.value.replaceAll("\r", ""));
    shown.hidden = pieces.length < 2 && !pieces[0]?.[0];
    shown.replaceChildren(...pieces.map(([kind, text]) => kind ? make(kind, {}, unseen(labels[kind]), text) : text));
  };

  // What was typed is kept by the service after a second; the reservation is renewed with it.
  const keep = async () => {
    if (!find("[data-review]") || find("[aria-pressed]", form())) return;
    const data = new FormData(form());
    data.set("do", "draft");
    if (data.get("correction") === find("#correction").dataset.text) data.set("correction", "");
    const kept = await fetch(form().action, { method: "POST", body: new URLSearchParams(data) }).catch(() => null);
    if (kept?.status === 409) say(form().dataset.lost);
    else if (!kept?.ok) say(form().dataset.unreachable);
    else if (!form().classList.contains("armed")) say("");
  };

  const swap = async (response) => {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = find("[data-review]", page);
    if (!fresh) return location.assign(response.url);
    find("[data-review]").replaceWith(fresh);
    tell(fresh);
    arm(fresh);
    if (response.redirected) history.pushState(null, "", response.url);
    begin();
    scrollTo(0, 0);
    find("[role=alert]") ?? find("[data-heading]").focus({ preventScroll: true });
  };

  const send = async (address, data) => {
    const buttons = all("button", find("[data-review]"));
    for (const each of buttons) each.disabled = true;
    find("[data-review]").ariaBusy = "true";
    try {
      const response = await fetch(address, { method: "POST", body: new URLSearchParams(data) });
      if (response.status >= 500 && !response.headers.get("content-type")?.startsWith("text/html")) throw new Error();
      await swap(response);
    } catch {
      if (form()) say(form().dataset.unreachable);
    } finally {
      for (const each of buttons) each.disabled = false;
      const review = find("[data-review]");
      if (review) review.ariaBusy = null;
    }
  };

  const reject = () => find("[value=reject]", form());
  const isWhy = () => find("[name=reason]:checked", form());
  const armReject = () => {
    form().classList.add("armed");
    say(form().dataset.why);
    find("[name=reason]", form())?.focus();
  };

  document.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (submitter?.value === "reject" && !isWhy() && !form().classList.contains("armed")) {
      event.preventDefault();
      return armReject();
    }
    if (submitter?.value === "draft" && !submitter.formAction.endsWith("/reveal")) return event.preventDefault();
    if (!target.closest("[data-review]") || !["judging", "undoing"].includes(target.id)) return;
    event.preventDefault();
    for (const each of timers) clearTimeout(each);
    const data = new FormData(target, submitter);
    if (data.get("correction") === find("#correction")?.dataset.text) data.set("correction", "");
    send(submitter?.hasAttribute("formaction") ? submitter.formAction : target.action, data);
  });

  const press = (selector) => { const found = find(selector); found?.click(); return found; };
  const reach = (selector) => { if (find("#more")) find("#more").checked = true; const found = find(selector); found?.focus(); return found; };
  const keys = {
    a: () => press("#judging [value=approve]"),
    r: () => press("#judging [value=reject]"),
    n: () => press("#judging [value=cannot_judge]"),
    s: () => press("#judging [value=skip]"),
    u: () => press("#undoing button"),
    e: () => reach("#note"),
    c: () => { const box = find("#correcting"); if (box) box.open = true; return reach("#correction"); },
    o: () => press("[data-key=o]"),
    ArrowLeft: () => press("[data-key=ArrowLeft]"),
    ArrowRight: () => press("[data-key=ArrowRight]"),
  };
  document.addEventListener("keydown", (event) => {
    const { key } = event;
    if (event.ctrlKey && key === "Enter" && form()) {
      event.preventDefault();
      const rejects = isWhy() || form().classList.contains("armed");
      return press(`#judging [value=${rejects ? "reject" : "approve"}]`);
    }
    if (!isFree(event)) return;
    // Reasons are for rejections: from one of them, Enter rejects.
    if (key === "Enter" && event.target.name === "reason") { press("#judging [value=reject]"); return event.preventDefault(); }
    const chip = /^[1-9]$/.test(key) && all("[name=reason]")[key - 1];
    if (chip) chip.click();
    else if (!keys[key.length === 1 ? key.toLowerCase() : key]?.()) return;
    event.preventDefault();
  });

  for (const each of all("[data-link]")) each.dataset.copy = new URL(each.dataset.copy, location.href).href;
  const begin = () => {
    for (const each of timers) clearTimeout(each);
    timers = [];
    if (!form()) return;
    showChanges();
    let late;
    form().addEventListener("input", ({ target }) => {
      if (target.name === "correction") showChanges();
      clearTimeout(late);
      late = setTimeout(keep, 1000);
      timers.push(late);
    });
    if (!find("[data-until]")) return;
    const clock = find("[data-until]");
    const label = clock.textContent;
    let until = new Date(clock.dataset.until).getTime();
    const tick = setInterval(() => {
      const left = Math.max(0, Math.round((until - Date.now()) / 1000));
      clock.textContent = `${label} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    }, 1000);
    const beat = setInterval(() => { until = Date.now() + 15 * 60_000; keep(); }, HEARTBEAT);
    timers.push(tick, beat);
  };
  begin();
}
