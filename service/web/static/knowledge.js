"use strict";
// How far an ingest is, as it goes; without a script the page loads itself again.
{
  const box = find("[data-progress]");
  const bar = find("progress", box);
  const events = new EventSource(box.dataset.progress);
  events.addEventListener("progress", ({ data }) => {
    const { words, done, total } = JSON.parse(data);
    find(".told-progress", box).textContent = words;
    if (total) Object.assign(bar, { max: total, value: done });
    else bar.removeAttribute("value");
  });
  events.addEventListener("ended", () => {
    events.close();
    location.reload();
  });
}
