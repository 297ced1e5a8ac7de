// <div data-progress="/address">: follows server-sent events and shows them; the page works by refresh without this.
//
// An event's data is JSON: {"share": 0..1, "says": "sentence", "done": true|false, "stages": [...]}. When done, the page
// is loaded anew. A stage's values go to what is named after them: data-cell takes words, data-line the path of a line.
function drawStages(place, stages = []) {
  for (const stage of stages) {
    const row = place.querySelector(`[data-stage="${stage.stage}"]`);
    if (!row) continue;
    for (const cell of row.querySelectorAll("[data-cell]")) cell.textContent = stage[cell.dataset.cell];
    for (const line of row.querySelectorAll("[data-line]")) line.setAttribute("d", stage[line.dataset.line]);
  }
}

export function followProgress() {
  for (const place of document.querySelectorAll("[data-progress]")) {
    const bar = place.querySelector("progress");
    const words = place.querySelector("[data-progress-words]");
    const source = new EventSource(place.dataset.progress);
    source.addEventListener("message", (event) => {
      const news = JSON.parse(event.data);
      if (bar && typeof news.share === "number") bar.value = news.share;
      if (words && news.says && words.textContent !== news.says) words.textContent = news.says;
      drawStages(place, news.stages);
      if (!news.done) return;
      source.close();
      location.reload();
    });
  }
}
