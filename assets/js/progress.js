// <div data-progress="/address">: follows server-sent events and shows them; the page works by refresh without this.
//
// An event's data is JSON: {"share": 0..1, "says": "sentence", "done": true|false}. When done, the page is loaded anew.
export function followProgress() {
  for (const place of document.querySelectorAll("[data-progress]")) {
    const bar = place.querySelector("progress");
    const words = place.querySelector("[data-progress-words]");
    const source = new EventSource(place.dataset.progress);
    source.addEventListener("message", (event) => {
      const news = JSON.parse(event.data);
      if (bar && typeof news.share === "number") bar.value = news.share;
      if (words && news.says && words.textContent !== news.says) words.textContent = news.says;
      if (!news.done) return;
      source.close();
      location.reload();
    });
  }
}
