"use strict";
// Choosing by keyboard, without a new page between two pairs. Each page works without it.
{
  const HEARTBEAT = 5 * 60_000;
  const POLL = 2_000;
  let timers = [];

  const form = () => find("#choosing");
  const say = (words) => { find(".saying", form()).textContent = words; };
  const isWhy = () => find("[name=reason]:checked", form());

  const swap = async (response) => {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = find("[data-compare]", page);
    const styles = [...all("link[rel=stylesheet]", page)].map((each) => each.href);
    const isStyled = styles.every((each) => [...all("link[rel=stylesheet]")].some(({ href }) => href === each));
    if (!fresh || !isStyled) return location.assign(response.url);
    find("[data-compare]").replaceWith(fresh);
    tell(fresh);
    if (response.redirected) history.replaceState(null, "", response.url);
    begin();
    scrollTo(0, 0);
    find("[data-heading]").focus({ preventScroll: true });
  };

  const send = async (sent, data) => {
    const buttons = all("button", find("[data-compare]"));
    for (const each of buttons) each.disabled = true;
    find("[data-compare]").ariaBusy = "true";
    try {
      const response = await fetch(sent.action, { method: "POST", body: new URLSearchParams(data) });
      if (!response.headers.get("content-type")?.startsWith("text/html")) throw new Error();
      await swap(response);
    } catch {
      if (form()) say(form().dataset.unreachable);
    } finally {
      for (const each of buttons) each.disabled = false;
      const compare = find("[data-compare]");
      if (compare) compare.ariaBusy = null;
    }
  };

  const keep = async () => {
    const data = new FormData(form());
    data.set("do", "keep");
    const kept = await fetch(form().action, { method: "POST", body: new URLSearchParams(data) }).catch(() => null);
    if (kept?.status === 409) say(form().dataset.lost);
  };

  // "Both bad" asks what was wrong before it is saved.
  document.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (!["choosing", "undoing"].includes(target.id)) return;
    event.preventDefault();
    if (submitter?.value === "both_bad" && !isWhy() && !form().classList.contains("armed")) {
      form().classList.add("armed");
      say(form().dataset.why);
      return find("[name=reason]", form())?.focus();
    }
    for (const each of timers) clearInterval(each);
    send(target, new FormData(target, submitter));
  });

  const press = (selector) => { const found = find(selector); found?.click(); return found; };
  const keys = {
    a: () => press("#choosing [value=a]"),
    b: () => press("#choosing [value=b]"),
    e: () => press("#choosing [value=equal]"),
    x: () => press("#choosing [value=both_bad]"),
    u: () => press("#undoing button"),
    d: () => press("#diff summary"),
  };
  document.addEventListener("keydown", (event) => {
    const { key } = event;
    if (event.ctrlKey && key === "Enter" && form() && (isWhy() || form().classList.contains("armed"))) {
      event.preventDefault();
      return press("#choosing [value=both_bad]");
    }
    if (!isFree(event)) return;
    const chip = form() && /^[1-9]$/.test(key) && all("[name=reason]", form())[key - 1];
    if (chip) chip.click();
    else if (!keys[key.toLowerCase()]?.()) return;
    event.preventDefault();
  });

  const begin = () => {
    for (const each of timers) clearInterval(each);
    timers = [];
    if (find("[data-poll]")) timers.push(setInterval(async () => {
      const response = await fetch(location.href).catch(() => null);
      if (response?.ok && find("[data-poll]")) await swap(response);
    }, POLL));
    const clock = find("[data-until]");
    if (!clock) return;
    const label = clock.textContent;
    let until = new Date(clock.dataset.until).getTime();
    timers.push(setInterval(() => {
      const left = Math.max(0, Math.round((until - Date.now()) / 1000));
      clock.textContent = `${label} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    }, 1000));
    timers.push(setInterval(() => { until = Date.now() + 15 * 60_000; keep(); }, HEARTBEAT));
  };
  begin();
}
