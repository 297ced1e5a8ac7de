// <div data-check-in="/address">: the leader's screen follows the code and the count; without this it loads itself anew.
const EVERY = 4000; // milliseconds

function show(place, news) {
  const put = (name, words) => {
    const found = place.querySelector(`[data-check-in-${name}]`);
    if (found && found.textContent !== words) found.textContent = words;
  };
  put("code", news.code);
  put("count", news.count);
  const picture = place.querySelector("[data-check-in-picture]");
  if (news.picture && picture.getAttribute("src") !== news.picture) picture.src = news.picture;
  const names = place.querySelector("[data-check-in-names]");
  names.replaceChildren(...news.names.map((name) => Object.assign(document.createElement("li"), { textContent: name })));
}

export function followCheckIn() {
  for (const place of document.querySelectorAll("[data-check-in]")) {
    let timer = 0;
    const look = async () => {
      clearTimeout(timer);
      let wait = EVERY;
      try {
        const answer = await fetch(place.dataset.checkIn, { headers: { Accept: "application/json" } });
        if (answer.redirected || answer.status === 401 || answer.status === 403) return location.reload();
        if (answer.ok) {
          const news = await answer.json();
          if (!news.code) return location.reload();
          show(place, news);
          wait = Math.min(EVERY, news.seconds * 1000 + 200);
        }
      } catch {
        // no network for a moment: the next look tries again
      }
      timer = setTimeout(look, wait);
    };
    timer = setTimeout(look, Math.min(EVERY, Number(place.dataset.seconds) * 1000 + 200));
    document.addEventListener("visibilitychange", () => document.hidden || look());
    const full = document.querySelector("[data-full-screen]");
    if (full && document.fullscreenEnabled) {
      full.hidden = false;
      full.addEventListener("click", () => place.requestFullscreen());
    }
  }
}
