"use strict";
// Pages work without it.

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => within.querySelectorAll(selector);
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const load = async (address) =>
  new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");

// Times in the visitor's zone.
const tell = (within) => {
  const { lang } = document.documentElement;
  const own = navigator.languages.find((each) => each.startsWith(lang)) ?? lang;
  const format = new Intl.DateTimeFormat(own, { dateStyle: "medium", timeStyle: "short" });
  for (const time of all("time", within)) time.textContent = format.format(new Date(time.dateTime));
};

// A citation lights its quote, a quote its sentence.
const light = ({ target }) => {
  const keys = target.closest?.(".cite, mark, .sentence")?.dataset.cites?.split(" ") ?? [];
  for (const each of all(".cite, mark, .sentence"))
    each.classList.toggle("lit", keys.some((key) => each.matches(`[data-cites~="${key}"]`)));
};
for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, light);

// Copy.
const arm = (within) => {
  if (!navigator.clipboard) return;
  for (const button of all("[data-copy]", within)) button.hidden = false;
};
document.addEventListener("click", async ({ target }) => {
  if (!target.matches?.("[data-copy]")) return;
  await navigator.clipboard.writeText(target.dataset.copy);
  const words = target.textContent;
  target.textContent = document.body.dataset.copied;
  setTimeout(() => { target.textContent = words; }, 1500);
});

// Another brand; what was typed stays.
const brand = find("form.brand select");
brand?.addEventListener("change", async () => {
  const address = `/?brand=${encodeURIComponent(brand.value)}`;
  const page = await load(address);
  for (const part of all("[data-brand-part]"))
    part.replaceWith(find(`[data-brand-part="${part.dataset.brandPart}"]`, page));
  history.replaceState(null, "", address);
});
if (brand) find("form.brand button").hidden = true;

// The reply as it comes, then as logged.
const form = find("#ticket");

const ticketOf = (data) => {
  const variables = {};
  for (const [name, value] of data) {
    const text = value.trim();
    if (!name.startsWith("variable.") || !text) continue;
    const isList = form.elements[name].dataset.type === "list";
    variables[name.slice(9)] = isList ? text.split(/\s*,\s*/).filter(Boolean) : text;
  }
  return {
    brand: data.get("brand"),
    ticket: {
      channel: "web",
      subject: data.get("subject") || null,
      messages: [{ from: "customer", text: data.get("message") }],
      customer: { name: data.get("name") || null },
    },
    variables,
    tone: data.get("tone") || null,
  };
};

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
    const blocks = (rest + value.replaceAll("\r", "")).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const [, name, data] = block.match(/^event: (.*)\ndata: (.*)/m) ?? [];
      if (data) yield { name, data: JSON.parse(data) };
    }
  }
}

const write = (letter, numbers, { before, text, citations }) => {
  if (!letter.lastChild || /\n\s*\n/.test(before)) letter.append(make("p"));
  else letter.lastChild.append(before);
  const cites = citations.map(({ passage, title }) => {
    if (!numbers.has(passage)) numbers.set(passage, numbers.size + 1);
    return make("span", { className: "cite", title }, String(numbers.get(passage)));
  });
  letter.lastChild.append(make("span", { className: "sentence" }, text, ...cites));
};

const show = async (id, paper) => {
  const page = await load(`/replies/${id}`);
  paper.replaceChildren(find("article.reply", page), find(".passages", page));
  tell(paper);
  arm(paper);
};

const stream = async (response, status) => {
  const letter = make("div", { className: "letter" });
  const paper = find("#paper");
  const numbers = new Map();
  const link = make("a", {}, form.dataset.open);
  for await (const { name, data } of events(response)) {
    if (name === "reply.started") {
      link.href = `/replies/${data.id}`;
      letter.lang = data.language;
      paper.replaceChildren(make("article", { className: "reply" }, letter));
    } else if (name === "sentence") write(letter, numbers, data);
    else if (name === "reply.finished") {
      await show(data.id, paper);
      return status.replaceChildren(link);
    } else if (name === "error") break;
  }
  status.replaceChildren(form.dataset.stopped, " ", link);
};

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [button, status, result] = [find("#write"), find(".waiting"), find("#result")];
  if (button.ariaDisabled) return;
  const words = button.textContent;
  Object.assign(button, { ariaDisabled: "true", textContent: form.dataset.writing });
  status.classList.add("done");
  status.textContent = form.dataset.searching;
  result.ariaBusy = "true";
  result.scrollIntoView({ block: "nearest" });
  try {
    const response = await fetch("/v1/replies", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream", "X-CSRF-Token": form.csrf.value },
      body: JSON.stringify(ticketOf(new FormData(form))),
    });
    // The page says what is wrong.
    if (!response.ok) return form.submit();
    await stream(response, status);
    result.focus({ preventScroll: true });
  } catch {
    status.textContent = form.dataset.unreachable;
  } finally {
    result.ariaBusy = null;
    Object.assign(button, { ariaDisabled: null, textContent: words });
  }
});

tell(document);
arm(document);
