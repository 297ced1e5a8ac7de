// Two devices and a second tab at random: typing, cuts, lost answers, reloads. In the end every text is in the history, each
// operation was applied once, and all devices show the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Notebook } from "../../assets/notes/notebook.js";
import { maker } from "../../assets/notes/uuid7.js";
import { at, shown } from "../../assets/notes/view.js";
import { MemoryStore, aLock } from "./memory.mjs";
import { FakeServer, NOTE } from "./server.mjs";

const RUNS = 80;
const STEPS = 40;
const PATHS = ["lesson", "small_step"];

function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// A tab with its boxes; the same store and turns as the other tabs of its device.
async function aTab(server, device, chance) {
  const network = server.transport();
  const tab = new Notebook({
    store: device.store, lock: device.lock, uuid7: device.ids, renew: async () => "same", me: () => ({ device_id: "d", device_name: "" }),
    transport: async (...given) => {
      const fate = chance();
      if (fate < 0.2) throw new TypeError("lost on the way");
      const answer = await network(...given);
      if (fate < 0.3 && given[0] === "POST") await network(...given); // twice
      if (fate < 0.45) throw new TypeError("answer lost");
      return answer;
    },
  });
  if (!(await device.store.document(NOTE))) await device.store.putDocument(server.document());
  await tab.load();
  return { tab, boxes: new Map(), device };
}

function boxOf(one, path) {
  if (!one.boxes.has(path)) {
    const box = one.tab.box(NOTE, path);
    box.later = () => 0;
    one.boxes.set(path, box);
  }
  const box = one.boxes.get(path);
  box.paint(at(one.tab.places(NOTE), path));
  return box;
}

async function step(one, path, words, chance) {
  const act = chance();
  const box = boxOf(one, path);
  if (act < 0.45) {
    box.focus();
    await box.type(words);
  } else if (act < 0.6) await box.blur();
  else if (act < 0.7) await one.tab.write(NOTE, path, words);
  else await one.tab.push();
  await one.tab.load();
  return act < 0.45 || (act >= 0.6 && act < 0.7);
}

for (const group of [0, 1, 2, 3]) {
  test(`nothing is lost, doubled or shown differently: random runs, part ${group + 1}`, async () => {
    for (let run = group; run < RUNS; run += 4) await tryOnce(run);
  });
}

async function tryOnce(run) {
  const chance = dice(run);
  const server = new FakeServer();
  const devices = [0, 1].map(() => ({ store: new MemoryStore(), lock: aLock(), ids: maker() }));
  const tabs = [await aTab(server, devices[0], chance), await aTab(server, devices[0], chance), await aTab(server, devices[1], chance)];
  const final = new Map(); // the last words typed in each box: those can have been rewritten by nobody
  for (let n = 0; n < STEPS; n++) {
    const which = Math.floor(chance() * tabs.length);
    if (chance() < 0.05) tabs[which] = await aTab(server, tabs[which].device, chance);
    const path = PATHS[Math.floor(chance() * PATHS.length)];
    const words = `${run}.${n}`;
    if (await step(tabs[which], path, words, chance)) final.set(`${which} ${path}`, words);
  }
  const calm = () => 1;
  const ends = [];
  for (const device of [devices[0], devices[1], devices[0]]) {
    const { tab } = await aTab(server, device, calm);
    assert.equal(await tab.push(), "done", `run ${run}`);
  }
  for (const device of devices) {
    const { tab } = await aTab(server, device, calm);
    await tab.sync.pull([NOTE]);
    await tab.load();
    assert.equal((await device.store.all()).length, 0, `run ${run}`);
    ends.push(PATHS.map((path) => [shown(at(tab.places(NOTE), path)).value, shown(at(tab.places(NOTE), path)).apart.map((head) => head.value)]));
  }
  assert.deepEqual(ends[0], ends[1], `run ${run}`);
  const ids = server.applied.map((op) => op.op_id);
  assert.equal(new Set(ids).size, ids.length, `run ${run}`);
  const kept = new Set(server.applied.map((op) => op.value));
  for (const words of final.values()) assert.ok(kept.has(words), `run ${run}: ${words} is nowhere`);
}
