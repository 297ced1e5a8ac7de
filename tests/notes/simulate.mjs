// Devices with tabs, in memory, around the app's real outbox and sending; whoever drives them plays the people and the network.
//
//   node tests/notes/simulate.mjs [SEED]
//
// Lines of JSON on standard input and output. Numbers `n` and `ask` pair what belongs together; several commands may be under way.
//
// In:  {n, do, ...}                     Out: {n, ok: true, ...} or {n, ok: false, because}
//   open    {tab, device}                    a tab of a device; tabs of a device share its store and take turns to send
//   close   {tab}                            the tab is gone in the middle of whatever it did; the store stays (a reload is close, open)
//   forget  {device}                         the device's store is gone
//   clock   {now}                            milliseconds of every device's clock from now on
//   room    {device, characters}             how much the device can hold; null: any amount
//   refresh {tab}                            asks GET /my/notes/device and takes its records in
//   type    {tab, note, path, value}         the caret is in the box (it is opened as painted now) and this stands in it
//   seal    {tab, note, path}                the typing paused
//   blur    {tab, note, path}                the caret left; the box is painted anew
//   write   {tab, note, path, value}         at once, by a button, over what stands (settles a conflict too)
//   push    {tab}                            sends and reads: {kind: done, offline, later, ended, other}
//   again   {tab}                            every refused piece once more, as a new operation
//   save    {tab}                            {text}: all that waits, as a file;  load {tab, text} reads one in: {count}
//   state   {tab, note}                      {rev, places: {path: {values, status}}, waiting: [op], refused: [{op, because}], unkept: [op]}
//
// Out: {ask, device, tab, method, path, body}    In: {answer: ask, status, body} or {answer: ask, cut: true}
//   A request: let it through, lose it, do it twice, or do it and lose the answer. While it is open, other commands go on.
//   Requests are GET /my/notes/device, POST /my/notes/operations, GET /my/notes/NOTE/record.
import { createInterface } from "node:readline";
import { takeIn } from "../../assets/notes/device.js";
import { Notebook } from "../../assets/notes/notebook.js";
import { maker } from "../../assets/notes/uuid7.js";
import { at, shown, statusOf } from "../../assets/notes/view.js";
import { MemoryStore } from "./memory.mjs";

const NEVER = new Promise(() => {});
const devices = new Map();
const tabs = new Map();
const asked = new Map();
let asks = 0;
let now = Date.UTC(2026, 10, 20, 9);
let seed = Number(process.argv[2] ?? 1) >>> 0;

// mulberry32: the same seed, the same ids
function chance() {
  seed = (seed + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return (mixed ^ (mixed >>> 14)) >>> 0;
}

const uuid7 = maker({ now: () => now, fill: (bytes) => bytes.map(() => chance() & 0xff) });
const out = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

// As navigator.locks: one at a time over the tabs of a device; a tab that is gone holds nothing.
class Turns {
  constructor() {
    Object.assign(this, { queue: [], holder: null });
  }

  take(tab, act) {
    return new Promise((done, failed) => {
      this.queue.push({ tab, act, done, failed });
      this.next();
    });
  }

  next() {
    while (!this.holder && this.queue.length) {
      const turn = this.queue.shift();
      if (turn.tab.gone) continue;
      this.holder = turn;
      const over = () => {
        if (this.holder !== turn) return;
        this.holder = null;
        this.next();
      };
      turn.act().then(turn.done, turn.failed).finally(over);
    }
  }

  leave(tab) {
    if (this.holder?.tab !== tab) return;
    this.holder = null;
    this.next();
  }
}

function deviceOf(name) {
  if (!devices.has(name)) devices.set(name, { name, id: uuid7(), store: new MemoryStore(), turns: new Turns() });
  return devices.get(name);
}

// A store seen by a tab: once the tab is gone, nothing that it was about to do happens.
function through(tab, store) {
  return new Proxy(store, {
    get(target, name) {
      const held = target[name];
      if (typeof held !== "function") return held;
      if (name === "queued") return (queue) => through(tab, target.queued(queue));
      return (...given) => (tab.gone ? NEVER : held.apply(target, given).then((value) => (tab.gone ? NEVER : value), (error) => (tab.gone ? NEVER : Promise.reject(error))));
    },
  });
}

function ask(tab, method, path, body) {
  if (tab.gone) return NEVER;
  const number = ++asks;
  out({ ask: number, device: tab.device.name, tab: tab.name, method, path, body });
  return new Promise((done, failed) => { asked.set(number, { tab, done, failed }); });
}

async function aTab(name, device) {
  const tab = { name, device, gone: false, boxes: new Map() };
  tab.store = through(tab, device.store);
  tab.ask = (...given) => ask(tab, ...given);
  tab.notebook = new Notebook({
    store: tab.store, transport: tab.ask, uuid7, now: () => new Date(now), lock: (act) => device.turns.take(tab, act), renew: async () => "same",
    me: () => ({ name: device.name, device_id: device.id, device_name: device.name }),
    others: () => { for (const other of tabs.values()) if (other !== tab && other.device === device && !other.gone) other.notebook.load(); },
  });
  await tab.notebook.load();
  return tab;
}

function boxOf(tab, note, path) {
  const key = `${note} ${path}`;
  if (!tab.boxes.has(key)) {
    const box = tab.notebook.box(note, path);
    box.later = () => 0;
    box.paint(at(tab.notebook.places(note), path));
    tab.boxes.set(key, box);
  }
  return tab.boxes.get(key);
}

const COMMANDS = {
  async open({ tab, device }) {
    tabs.set(tab, await aTab(tab, deviceOf(device)));
  },
  async close({ tab: name }) {
    const tab = tabs.get(name);
    tab.gone = true;
    tabs.delete(name);
    tab.device.turns.leave(tab);
  },
  async forget({ device }) {
    const known = deviceOf(device);
    known.store = new MemoryStore();
  },
  async clock({ now: at }) {
    now = at;
  },
  async room({ device, characters }) {
    deviceOf(device).store.room = characters ?? Infinity;
  },
  async refresh({ tab: name }) {
    const tab = tabs.get(name);
    return tab.device.turns.take(tab, async () => {
      let answer;
      try {
        answer = await tab.ask("GET", "/my/notes/device");
      } catch {
        return { kind: "offline" };
      }
      if (answer.status !== 200) return { kind: "later" };
      await takeIn(tab.store, answer.body);
      await tab.notebook.load();
      return { kind: "done" };
    });
  },
  async type({ tab: name, note, path, value }) {
    const box = boxOf(tabs.get(name), note, path);
    if (!box.held) box.paint(at(tabs.get(name).notebook.places(note), path));
    box.focus();
    await box.type(value);
  },
  async seal({ tab, note, path }) {
    await boxOf(tabs.get(tab), note, path).seal();
  },
  async blur({ tab: name, note, path }) {
    const tab = tabs.get(name);
    await boxOf(tab, note, path).blur();
    boxOf(tab, note, path).paint(at(tab.notebook.places(note), path));
  },
  async write({ tab, note, path, value }) {
    await tabs.get(tab).notebook.write(note, path, value);
  },
  async push({ tab }) {
    return { kind: await tabs.get(tab).notebook.push() };
  },
  async again({ tab: name }) {
    const { notebook } = tabs.get(name);
    for (const entry of notebook.entries.filter((one) => one.refused)) await notebook.again(entry.seq);
  },
  async save({ tab }) {
    return { text: await tabs.get(tab).notebook.toFile() };
  },
  async load({ tab, text }) {
    return { count: await tabs.get(tab).notebook.fromFile(text) };
  },
  async state({ tab, note }) {
    const { notebook } = tabs.get(tab);
    await notebook.load();
    const places = {};
    for (const [path, place] of notebook.places(note)) {
      const { value, apart } = shown(place);
      places[path] = { values: apart.length ? apart.map((head) => head.value) : value === undefined ? [] : [value], status: statusOf(place, false) };
    }
    const { entries } = notebook;
    return {
      rev: notebook.documents.get(note)?.rev ?? 0, places,
      waiting: entries.filter((entry) => !entry.refused && !entry.unkept).map((entry) => entry.op),
      refused: entries.filter((entry) => entry.refused).map(({ op, because }) => ({ op, because })),
      unkept: entries.filter((entry) => entry.unkept).map((entry) => entry.op),
    };
  },
};

async function command({ n, do: name, ...given }) {
  try {
    out({ n, ok: true, ...(await COMMANDS[name](given)) });
  } catch (error) {
    out({ n, ok: false, because: String(error?.stack ?? error) });
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const said = JSON.parse(line);
  if (said.answer === undefined) {
    command(said);
    return;
  }
  const { tab, done, failed } = asked.get(said.answer);
  asked.delete(said.answer);
  if (tab.gone) return;
  if (said.cut) failed(new TypeError("no network"));
  else done({ status: said.status, body: said.body });
});
