// The notebook app: opens from the device at once, then asks the server, and shows one screen at a time.
import { Banner } from "./banner.js";
import { h, say, saveAs } from "./dom.js";
import { refresh } from "./device.js";
import { Notebook } from "./notebook.js";
import { cameScreen } from "./screens/came.js";
import { daysScreen } from "./screens/days.js";
import { deviceScreen } from "./screens/device.js";
import { barredScreen, endedScreen, strangerScreen, troubleScreen } from "./screens/door.js";
import { recordScreen } from "./screens/record.js";
import { discardSaidScreen, discardScreen, waitingScreen } from "./screens/waiting.js";
import { deviceId, deviceName, forget, isStill, lastStore, putSetting, setting, waitingHere } from "./session.js";
import { register, shellIsKept } from "./shell.js";
import { openDatabase } from "./store.js";
import { patience } from "./sync.js";
import { transport } from "./transport.js";
import { maker } from "./uuid7.js";

const SCREENS = { "": daysScreen, record: recordScreen, came: cameScreen, waiting: waitingScreen, discard: discardScreen, "discard-said": discardSaidScreen, device: deviceScreen };
const FRESH = 60_000; // milliseconds: how old what the server said may be when somebody looks again
const OFTEN = 120_000; // milliseconds between looks while the app is open
const SAID = {
  done: "Done: the server has everything that it could take.", offline: "There is no network. It is tried again by itself.",
  later: "The server did not answer. It is tried again by itself.",
};

class App {
  constructor(db) {
    Object.assign(this, { db, notebook: null, screen: null, shell: false, large: false, online: navigator.onLine, uuid7: maker(), me: {}, asked: 0, failures: 0 });
    this.main = document.querySelector("#main-content");
    this.nav = document.querySelector("#note-nav");
    this.banner = new Banner(this);
    document.querySelector("#note-banner").replaceWith(this.banner.node);
    this.ask = transport({ csrf: () => this.me.csrf ?? "" });
    this.channel = new BroadcastChannel("halfterm-notes");
    this.lock = (act) => navigator.locks.request("halfterm-notes", act);
  }

  async begin() {
    const [large, store] = await Promise.all([setting(this.db, "large", false), lastStore(this.db)]);
    this.showLarge(large);
    if (store) await this.open(store);
    this.device_id = await deviceId(this.db, this.uuid7);
    this.listen();
    register(() => this.lookAtShell());
    await this.refresh().catch((error) => {
      if (!this.notebook) throw error; // what is on this device can be read and written all the same
    });
    this.lookAtShell();
    setInterval(() => document.visibilityState === "visible" && this.refresh(), OFTEN);
  }

  listen() {
    addEventListener("hashchange", () => this.show(true));
    addEventListener("online", () => { this.online = true; this.failures = 0; this.refresh(); });
    addEventListener("offline", () => { this.online = false; this.redraw([]); });
    addEventListener("pageshow", (event) => event.persisted && this.check());
    document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? this.check() : this.notebook?.outbox.sealAll()));
    addEventListener("beforeunload", (event) => { if (this.notebook?.unkept) event.preventDefault(); });
    this.channel.onmessage = ({ data }) => (data.locked ? this.locked() : data.account_id === this.notebook?.store.account_id && this.othersWrote(data.notes));
  }

  // Somebody signed in or out in another tab: nothing of the one before stays on this screen.
  async locked() {
    this.close();
    await this.refresh();
    if (!this.notebook) await this.showDoor(endedScreen);
  }

  async check() {
    if (this.notebook && !(await isStill(this.db, this.notebook.store.account_id))) await this.locked();
    else if (Date.now() - this.asked > FRESH) await this.refresh();
  }

  async othersWrote(notes) {
    await this.notebook?.load();
    this.redraw(notes);
  }

  async open(store) {
    this.me = (await store.fact("me")) ?? {};
    const slow = (this.me.ahead ?? 0);
    const notebook = new Notebook({
      store, lock: this.lock, transport: this.ask, uuid7: this.uuid7, now: () => new Date(Date.now() + slow),
      me: () => ({ ...this.me, device_id: this.device_id, device_name: deviceName(navigator.userAgent) }),
      renew: () => this.renew(),
      others: (notes) => this.channel.postMessage({ account_id: store.account_id, notes }),
      changed: (notes) => this.notebook === notebook && this.redraw(notes),
      failed: (error) => this.banner.cannotKeep(error),
      final: () => this.sendSoon(),
    });
    await notebook.load();
    this.notebook = notebook;
    this.nav.hidden = false;
    say(document.querySelector("#note-who"), this.me.name ?? "");
    this.show(false);
  }

  close() {
    this.notebook?.outbox.sealAll();
    clearTimeout(this.timer);
    this.screen?.leave();
    Object.assign(this, { notebook: null, screen: null, me: {} });
    this.nav.hidden = true;
    say(document.querySelector("#note-who"), "");
    this.main.replaceChildren();
    this.banner.update();
  }

  // Asks the server who is signed in and takes their records in. Only one tab at a time talks to it.
  async refresh() {
    const kind = await this.lock(() => this.renew());
    await this.follow(kind);
    if (this.notebook && kind === "same") await this.send();
    else if (kind === "offline" || kind === "later") this.again();
  }

  async renew() {
    const before = this.notebook?.store ?? null;
    const { kind, store, me } = await refresh({ db: this.db, store: before, ask: this.ask });
    this.asked = Date.now();
    this.online = kind !== "offline";
    this.coming = store;
    if (kind === "same") {
      this.me = me;
      await this.notebook?.load();
      this.redraw([]);
    }
    return kind;
  }

  // What the server's answer means for this screen.
  async follow(kind) {
    if (kind === "other") {
      this.close();
      await this.open(this.coming);
      await this.send();
    } else if (kind === "ended" || kind === "barred") {
      if (this.notebook?.unkept) return; // words that are nowhere else: the banner says the way out
      const known = this.notebook !== null;
      this.close();
      await forget(this.db);
      const door = known || (await waitingHere(this.db)) ? endedScreen : strangerScreen;
      await this.showDoor(kind === "barred" ? barredScreen : door);
    } else if (!this.notebook) await this.showDoor(strangerScreen);
    this.redraw([]);
  }

  async showDoor(door) {
    this.put(door(await waitingHere(this.db)), true);
  }

  // Sends what waits: how it went.
  async send() {
    const { notebook } = this;
    if (!notebook) return "ended";
    const kind = await notebook.push();
    if (notebook !== this.notebook) return kind;
    this.online = kind !== "offline";
    if (kind === "done") {
      this.failures = 0;
      notebook.fetchPhotos().catch(() => {});
      this.askToKeep();
    } else if (kind === "other" || kind === "ended" || kind === "barred") await this.follow(kind);
    else this.again();
    this.redraw([]);
    return kind;
  }

  again() {
    this.failures += 1;
    this.sendSoon(patience(this.failures));
  }

  sendSoon(wait = 800) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.notebook ? this.send() : this.refresh()), wait);
  }

  async sendNow() {
    clearTimeout(this.timer);
    this.failures = 0;
    this.notebook?.outbox.sealAll();
    return SAID[await this.send()] ?? "";
  }

  async askToKeep() {
    if (this.askedToKeep || !this.notebook.documents.size || !navigator.storage?.persist) return;
    this.askedToKeep = true;
    await navigator.storage.persist().catch(() => false);
  }

  async saveAsFile() {
    saveAs(`halfterm-unsent-${new Date().toISOString().slice(0, 10)}.json`, await this.notebook.toFile());
  }

  async lookAtShell() {
    this.shell = await shellIsKept();
    this.redraw([]);
  }

  showLarge(large) {
    this.large = Boolean(large);
    document.documentElement.classList.toggle("note-large", this.large);
  }

  async setLarge(large) {
    this.showLarge(large);
    await putSetting(this.db, "large", this.large).catch(() => {});
  }

  show(moved) {
    if (!this.notebook) return;
    const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
    this.put((SCREENS[name] ?? daysScreen)(this, rest), moved);
  }

  put(screen, moved) {
    this.screen?.leave();
    this.screen = screen;
    document.title = `${screen.title} - Halfterm`;
    this.main.replaceChildren(screen.node);
    for (const a of this.nav.querySelectorAll("a")) {
      if (a.hash === (location.hash || "#/")) a.setAttribute("aria-current", "page");
      else a.removeAttribute("aria-current");
    }
    if (moved) {
      scrollTo(0, 0);
      screen.node.querySelector("h1").focus();
    }
    this.banner.update();
  }

  redraw() {
    if (this.notebook) this.screen?.update();
    this.banner.update();
    const waits = this.notebook?.waits.length ?? 0;
    say(document.querySelector("#note-count"), waits ? ` (${waits})` : "");
  }
}

async function begin() {
  document.body.classList.add("js-enabled");
  try {
    const db = await openDatabase();
    await new App(db).begin();
  } catch (error) {
    const { node } = troubleScreen();
    document.querySelector("#main-content").replaceChildren(node, h("p", { class: "govuk-hint" }, String(error.message)));
  }
}

begin();
