// The year's grid while dates are moved by hand: <section data-hand="2026"> tells of the date in hand, a.by-hand are
// the marks that can be taken, each a link to the page of its days.
//
// A mark is picked up by a drag, a press, or Enter and Space. Its days are fetched once and unfold beneath its row, one line a
// weekday, each with what it would cost or the rule against it. Dropping leads to the question whether to move it.
const DAY = 86400e3;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri"];
const PRICED = new Set(["free", "better"]);
const FAR = 6; // pixels that a finger trembles
const EDGE = 48; // pixels from the edge at which a drag scrolls on
const STEPS = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

function made(name, { text = "", ...attributes } = {}) {
  const one = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  one.textContent = text;
  return one;
}

const signed = (change) => (change > 0 ? `+${change}` : change < 0 ? `−${-change}` : "0");

class Hand {
  constructor(panel, table) {
    this.panel = panel;
    this.table = table;
    this.at = (name) => panel.querySelector(`[data-hand-${name}]`);
    this.words = this.at("says").textContent;
    for (const mark of table.querySelectorAll("a.by-hand")) this.offer(mark);
    this.region = table.parentElement;
    this.region.style.scrollPaddingLeft = `${table.querySelector("tbody th").offsetWidth}px`; // the names stay over that edge
    this.at("back").addEventListener("click", () => this.putBack());
    this.at("day").addEventListener("change", (event) => {
      this.look(event.target.value);
      this.reveal(table.querySelector(".year__day--looked"));
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.mark) this.putBack();
    });
    table.querySelector(".by-hand--latest")?.focus();
  }

  say(text) {
    this.at("says").textContent = text;
  }

  // A mark that can be taken: a button for whoever listens, dragged by a pointer.
  offer(mark) {
    mark.setAttribute("role", "button");
    mark.draggable = false;
    mark.addEventListener("click", (event) => {
      event.preventDefault();
      if (this.dragged) this.dragged = false;
      else if (this.mark === mark) this.putBack();
      else this.take(mark, { focus: true, keys: event.detail === 0 });
    });
    mark.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        mark.click();
      }
    });
    mark.addEventListener("pointerdown", (down) => {
      if (down.button === 0 && down.isPrimary) this.drag(mark, down);
    });
  }

  drag(mark, down) {
    this.dragged = false;
    const end = new AbortController();
    const { signal } = end;
    const move = (event) => {
      if (!this.dragged && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < FAR) return;
      if (!this.dragged) {
        this.dragged = true;
        this.shadow = mark.firstElementChild.cloneNode(true);
        this.shadow.classList.add("hand__shadow");
        document.body.append(this.shadow);
        this.panel.classList.add("hand--dragged");
        if (this.mark !== mark) this.take(mark);
      }
      this.over(event);
    };
    const drop = (event) => {
      end.abort();
      const day = this.dragged && event.type === "pointerup" && this.dayAt(event); // before the panel grows again
      this.shadow?.remove();
      this.panel.classList.remove("hand--dragged");
      if (!this.dragged) return;
      setTimeout(() => { this.dragged = false; }); // after the click that ends a drag
      if (day) this.drop(day);
      else this.focus();
    };
    mark.setPointerCapture(down.pointerId);
    mark.addEventListener("pointermove", move, { signal });
    mark.addEventListener("pointerup", drop, { signal });
    mark.addEventListener("pointercancel", drop, { signal });
  }

  over(event) {
    this.shadow.style.transform = `translate(${event.clientX + 14}px, ${event.clientY + 14}px)`;
    const box = this.region.getBoundingClientRect();
    const names = this.table.querySelector("tbody th").offsetWidth;
    if (event.clientX > box.right - EDGE) this.region.scrollLeft += 12;
    if (event.clientX < box.left + names + EDGE / 2) this.region.scrollLeft -= 12;
    if (event.clientY > this.panel.getBoundingClientRect().top - EDGE / 2) window.scrollBy(0, 8);
    if (event.clientY < EDGE) window.scrollBy(0, -8);
    const day = this.dayAt(event);
    if (day && day !== this.day) this.look(day);
  }

  dayAt(event) {
    return document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-day]")?.dataset.day;
  }

  async take(mark, { focus = false, keys = false } = {}) {
    if (this.mark) this.letGo();
    this.mark = mark;
    mark.setAttribute("aria-pressed", "true");
    this.say("The days it could be on are being worked out.");
    const asked = (this.asked = new AbortController());
    try {
      const answer = await fetch(mark.href, { headers: { Accept: "application/json" }, signal: asked.signal });
      const found = await answer.json();
      if (asked.signal.aborted) return;
      if (!answer.ok) throw new Error(found.detail);
      this.show(found);
      if (focus) this.focus();
      if (keys) this.say(`${this.at("says").textContent} Arrow keys go from day to day, Enter moves it there, Escape puts it back.`);
    } catch (error) {
      if (asked.signal.aborted) return;
      this.letGo();
      this.say(error.name === "Error" && error.message ? error.message : "Its days cannot be shown now. Load this page again, or open the date itself.");
    }
  }

  // Unfolds the days: the answer of the page "Where else could this be?".
  show(found) {
    this.found = found;
    this.signs = new Map(found.legend.map((one) => [one.state, one]));
    this.days = new Map(found.days.map((one) => [one.day, one]));
    const left = this.mark.getBoundingClientRect().left;
    this.unfold(this.mark.closest("tr"));
    this.menu();
    for (const link of this.table.querySelectorAll("a")) link.tabIndex = -1;
    this.table.setAttribute("role", "grid");
    this.region.scrollLeft += this.mark.getBoundingClientRect().left - left; // it stays under the pointer
    this.look(this.days.has(found.on) ? found.on : found.days[0]?.day);
    this.reveal(this.rows.at(-1));
    if (!this.dragged) for (const one of [this.squares().at(-1), this.squares()[0], this.mark]) this.reveal(one);
    if (found.pinned) this.say("It is pinned, so nothing moves it. Take the pin off to move it.");
  }

  unfold(row) {
    const begins = Date.parse(this.table.dataset.begins);
    const weeks = [...row.cells].slice(1);
    this.rows = WEEKDAYS.map((name, weekday) => {
      const line = made("tr", { class: "year__days" });
      line.append(made("th", { scope: "row", text: name }));
      weeks.forEach((week, n) => {
        const cell = made("td", { class: week.className });
        const one = this.days.get(new Date(begins + (7 * n + weekday) * DAY).toISOString().slice(0, 10));
        if (one) cell.append(this.button(one));
        line.append(cell);
      });
      return line;
    });
    row.after(...this.rows);
  }

  button(one) {
    const { mark, says } = this.signs.get(one.state);
    const sign = PRICED.has(one.state) ? signed(one.change) : mark;
    const here = one.day === this.found.on;
    const label = `${one.when}: ${says}${here && one.state !== "here" ? ", on the day that it has" : ""}`;
    const button = made("button", { type: "button", class: `year__day days__day--${one.state}${here ? " year__day--here" : ""}`, "data-day": one.day, tabindex: "-1" });
    if (!one.href) button.setAttribute("aria-disabled", "true");
    button.append(
      made("span", { "aria-hidden": "true", text: String(Number(one.day.slice(8))) }),
      made("span", { "aria-hidden": "true", text: sign }),
      made("span", { class: "govuk-visually-hidden", text: sign === mark ? label : `${label}, ${sign}` }),
    );
    button.addEventListener("focus", () => this.look(one.day));
    button.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" && (event.movementX || event.movementY)) this.look(one.day); // the mouse, not the page, has moved
    });
    let first = false; // a finger cannot hover: its first touch of a day only tells of it
    button.addEventListener("pointerdown", (event) => { first = event.pointerType === "touch" && this.day !== one.day; });
    button.addEventListener("click", () => {
      if (first) this.look(one.day);
      else this.drop(one.day);
      first = false;
    });
    button.addEventListener("keydown", (event) => this.step(event, one.day));
    return button;
  }

  // The days of the grid, in their order.
  squares() {
    return [...this.table.querySelectorAll("[data-day]")].sort((one, other) => (one.dataset.day < other.dataset.day ? -1 : 1));
  }

  step(event, day) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const all = this.squares();
    const to = Date.parse(day) + step * DAY;
    const next = step > 0 ? all.find((one) => Date.parse(one.dataset.day) >= to) : all.findLast((one) => Date.parse(one.dataset.day) <= to);
    (next ?? (step > 0 ? all.at(-1) : all[0])).focus();
  }

  // Says what a day would mean and marks it, in the grid and in the menu.
  look(day) {
    const one = this.days.get(day);
    if (!one || day === this.day) return;
    this.day = day;
    for (const button of this.table.querySelectorAll("[data-day]")) {
      button.tabIndex = button.dataset.day === day ? 0 : -1;
      button.classList.toggle("year__day--looked", button.dataset.day === day);
    }
    this.at("day").value = day;
    this.at("go").hidden = !one.href;
    if (one.href) this.at("go").href = this.question(one.href);
    const place = one.state === "barred" || !one.half ? "" : ` ${one.half}${one.where && `, ${one.where}`}.`;
    const words = one.state === "here" ? "" : ` ${one.says.join(" ")}`;
    this.say(`${one.when}: ${this.signs.get(one.state).says}.${place}${words}`);
  }

  // Into sight above the panel, which lies over the foot of the window.
  reveal(one) {
    if (!one) return;
    one.style.scrollMarginBottom = `${this.panel.offsetHeight + 8}px`;
    one.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  drop(day) {
    const { href } = this.days.get(day);
    if (href) location.assign(this.question(href));
    else if (day === this.day) this.focus();
    else this.look(day);
  }

  question(href) {
    return `${href}&year=${this.panel.dataset.hand}`;
  }

  menu() {
    const { found } = this;
    const name = (one) => `${one.when}${PRICED.has(one.state) ? `: ${signed(one.change)}` : ""}`;
    const groups = found.legend.map(({ state, says }) => {
      const group = made("optgroup", { label: says[0].toUpperCase() + says.slice(1) });
      group.append(...found.days.filter((one) => one.state === state).map((one) => made("option", { value: one.day, text: name(one) })));
      return group;
    });
    this.at("day").replaceChildren(...groups);
    this.at("key").textContent = found.legend.map(({ mark, says }) => `${mark} ${says}`).join("; ");
    const swaps = found.swaps.map((swap) => {
      const item = made("li");
      const says = `Swap hosts with ${swap.says}`;
      item.append(swap.href ? made("a", { class: "govuk-link", href: this.question(swap.href), text: says }) : `${says}: not possible`, `. ${swap.means.join(" ")}`);
      return item;
    });
    this.at("swaps").replaceChildren(...swaps);
    this.at("title").textContent = found.heading;
    this.at("all").href = this.mark.href;
    const form = this.at("pin");
    form.action = this.mark.href.replace(/\/move$/, "/pin");
    form.elements.version.value = found.version;
    form.elements.pinned.value = found.pinned ? "" : "yes";
    form.querySelector("button").textContent = found.pinned ? "Take the pin off" : "Pin it to this date and place";
    this.at("held").hidden = false;
    this.panel.classList.add("hand--held");
  }

  focus() {
    this.table.querySelector(".year__day--looked")?.focus();
  }

  putBack() {
    const mark = this.mark;
    this.letGo();
    this.say(`It stays where it is. ${this.words}`);
    mark.focus();
  }

  letGo() {
    this.asked.abort();
    this.mark.removeAttribute("aria-pressed");
    for (const row of this.rows ?? []) row.remove();
    for (const link of this.table.querySelectorAll("a")) link.removeAttribute("tabindex");
    this.table.removeAttribute("role");
    this.at("held").hidden = true;
    this.panel.classList.remove("hand--held");
    this.at("title").textContent = "";
    this.mark = this.rows = this.day = this.found = undefined;
  }
}

export function moveByHand() {
  const panel = document.querySelector("[data-hand]");
  const table = document.querySelector("table.year");
  if (panel && table) new Hand(panel, table);
}
