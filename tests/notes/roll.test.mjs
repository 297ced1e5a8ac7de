// Who came, on a device: each word kept at once, sent once, shown honestly; with the real core and a server of a few lines.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Notebook } from "../../assets/notes/notebook.js";
import { countWords, everyoneElse } from "../../assets/notes/roll.js";
import { maker } from "../../assets/notes/uuid7.js";
import { MemoryStore, aLock } from "./memory.mjs";
import { FakeServer } from "./server.mjs";

const EVENT = "0194fdc2-0000-7000-8000-0000000000e1";
const [ASH, BAY, FIR] = ["1", "2", "3"].map((n) => `0194fdc2-0000-7000-8000-00000000000${n}`);
const guest = (id, name, more = {}) => ({ guest: id, name, school: "Fernhill", expected: true, answer: "", state: "", because: "", minutes: null, name_of_stand_in: "", ...more });

class FakeRoll {
  constructor() {
    Object.assign(this, { said: [], known: new Set(), refuse: () => "", barred: false, status: 200 });
  }

  answer(method, path, body) {
    if (this.barred) return { status: 403, body: null };
    if (method === "GET") return { status: 200, body: { events: [this.event()] } };
    if (this.status !== 200) return { status: this.status, body: null };
    return { status: 200, body: { answers: body.operations.map((op) => this.take(op)) } };
  }

  take(op) {
    if (this.known.has(op.op_id)) return { op_id: op.op_id, outcome: "known", because: "" };
    const because = this.refuse(op);
    if (because) return { op_id: op.op_id, outcome: "refused", because };
    this.known.add(op.op_id);
    this.said.push(op);
    return { op_id: op.op_id, outcome: "kept", because: "" };
  }

  event() {
    const guests = [guest(ASH, "Ash"), guest(BAY, "Bay", { answer: "no" }), guest(FIR, "Fir")].map((one) => {
      const op = this.said.findLast((said) => said.guest === one.guest);
      return op ? { ...one, state: op.state, because: op.because, minutes: op.minutes, name_of_stand_in: op.state === "stand_in" ? op.name : "" } : one;
    });
    const visitors = this.said.filter((op) => op.state === "visitor").map((op) => guest(op.guest, op.name, { school: op.school, state: "visitor" }));
    return { event: EVENT, heading: "NCP26 meets", day: "Thursday", hours: "9am", minutes: 165, guests, visitors, late: false };
  }
}

async function aTab({ store = new MemoryStore(), lock = aLock(), server = new FakeServer(), roll = new FakeRoll(), online = true, renew = async () => "same" } = {}) {
  server.roll ??= roll;
  const tab = new Notebook({ store, lock, renew, transport: server.transport(), uuid7: maker(), me: () => ({}) });
  await tab.load();
  if (online) await tab.push();
  return { tab, server, roll: server.roll, store, lock };
}

const stateOf = (tab, id) => tab.roll.event(EVENT).guests.find((one) => one.guest === id);

test("what is said without a network is kept, survives the page and arrives once", async () => {
  const { tab, server, roll, store } = await aTab();
  server.cut = "before";
  await tab.sayWhoCame(EVENT, [{ guest: ASH, state: "present" }]);
  await tab.sayWhoCame(EVENT, [{ guest: BAY, state: "absent", because: "Unwell" }]);
  assert.equal(await tab.push(), "offline");
  assert.equal(stateOf(tab, ASH).state, "present");
  const again = await aTab({ store, server, online: false });
  assert.equal(stateOf(again.tab, BAY).because, "Unwell");
  assert.equal(again.tab.waits.length, 2);
  server.cut = "after";
  assert.equal(await again.tab.push(), "offline");
  assert.equal(again.tab.waits.length, 2, "nothing leaves the device before the server answered");
  server.cut = null;
  assert.equal(await again.tab.push(), "done");
  assert.equal(again.tab.waits.length, 0);
  assert.deepEqual(roll.said.map((op) => [op.guest, op.state]), [[ASH, "present"], [BAY, "absent"]]);
  assert.equal(stateOf(again.tab, ASH).state, "present");
  assert.equal(stateOf(again.tab, ASH).waits, null);
});

test("two tabs that send at once record each word once", async () => {
  const one = await aTab();
  const two = await aTab({ store: one.store, lock: one.lock, server: one.server });
  await one.tab.sayWhoCame(EVENT, [{ guest: ASH, state: "present" }]);
  await two.tab.sayWhoCame(EVENT, [{ guest: FIR, state: "present" }]);
  await Promise.all([one.tab.push(), two.tab.push()]);
  assert.deepEqual(one.roll.said.map((op) => op.guest).sort(), [ASH, FIR]);
});

test("words typed in one go are one operation; after it was tried, a new one", async () => {
  const { tab, roll, server } = await aTab();
  for (const because of ["", "U", "Unwell"]) await tab.sayWhoCame(EVENT, [{ guest: ASH, state: "absent", because }]);
  assert.equal(tab.roll.entries.length, 1);
  server.cut = "after";
  await tab.push();
  await tab.sayWhoCame(EVENT, [{ guest: ASH, state: "absent", because: "Unwell since Monday" }]);
  assert.equal(tab.roll.entries.length, 2);
  server.cut = null;
  await tab.push();
  assert.deepEqual(roll.said.map((op) => op.because), ["Unwell", "Unwell since Monday"]);
});

test("what is refused stays with its because until a person sends it again or discards it", async () => {
  const { tab, roll } = await aTab();
  roll.refuse = (op) => (op.guest === ASH ? "It is corrected late. Say why." : "");
  await tab.sayWhoCame(EVENT, [{ guest: ASH, state: "present" }, { guest: FIR, state: "present" }]);
  await tab.push();
  await tab.push();
  assert.equal(stateOf(tab, ASH).refused.because, "It is corrected late. Say why.");
  assert.equal(stateOf(tab, ASH).state, "", "it does not look as if it stood");
  assert.equal(stateOf(tab, FIR).state, "present");
  roll.refuse = () => "";
  await tab.roll.again(stateOf(tab, ASH).refused.seq);
  await tab.push();
  assert.equal(stateOf(tab, ASH).state, "present");
  assert.equal(tab.waits.length, 0);
});

test("a visitor is made on the device, shown at once, and taken out again", async () => {
  const { tab, roll } = await aTab();
  const id = maker()();
  await tab.sayWhoCame(EVENT, [{ guest: id, state: "visitor", name: "Wren", school: "Hill Trust" }]);
  assert.deepEqual(tab.roll.event(EVENT).visitors.map((one) => [one.name, one.state]), [["Wren", "visitor"]]);
  await tab.push();
  await tab.sayWhoCame(EVENT, [{ guest: id, state: "", name: "Wren", school: "Hill Trust" }]);
  assert.equal(tab.roll.event(EVENT).visitors[0].state, "");
  await tab.push();
  assert.deepEqual(roll.said.map((op) => op.state), ["visitor", ""]);
});

test("everyone else leaves out whoever said no or named somebody", async () => {
  const { tab } = await aTab();
  assert.deepEqual(everyoneElse(tab.roll.event(EVENT)).map((one) => one.name), ["Ash", "Fir"]);
  assert.equal(countWords(tab.roll.event(EVENT)), "3 not said yet.");
  await tab.sayWhoCame(EVENT, [{ guest: ASH, state: "present" }, { guest: BAY, state: "stand_in", name: "Lee" }]);
  assert.equal(countWords(tab.roll.event(EVENT)), "1 here, 1 stand-in, 1 not said yet.");
});

test("a full device says so, keeps it in sight, and sends it straight from the page", async () => {
  const { tab, roll, store } = await aTab();
  store.queued("said").room = 10;
  await tab.sayWhoCame(EVENT, [{ guest: ASH, state: "present" }]);
  assert.equal(tab.unkept, 1);
  assert.equal(stateOf(tab, ASH).state, "present");
  assert.equal(stateOf(tab, ASH).waits.unkept, true);
  assert.equal(await tab.push(), "done");
  assert.equal(tab.unkept, 0);
  assert.deepEqual(roll.said.map((op) => op.state), ["present"]);
});

test("whoever leads it no more is told so, and the notes go on", async () => {
  const { tab, roll } = await aTab();
  await tab.sayWhoCame(EVENT, [{ guest: ASH, state: "present" }]);
  roll.barred = true;
  assert.equal(await tab.push(), "done");
  assert.match(tab.roll.entries[0].because, /no longer say who came/);
});

test("a tired server leaves everything where it is", async () => {
  const { tab, roll } = await aTab();
  roll.status = 503;
  await tab.sayWhoCame(EVENT, [{ guest: ASH, state: "present" }]);
  assert.equal(await tab.push(), "later");
  assert.equal(tab.waits.length, 1);
});

test("who came survives as a file", async () => {
  const { tab } = await aTab();
  await tab.sayWhoCame(EVENT, [{ guest: ASH, state: "part", minutes: 60 }]);
  const text = await tab.toFile();
  const other = await aTab();
  assert.equal(await other.tab.fromFile(text), 1);
  assert.equal(await other.tab.fromFile(text), 0);
  await other.tab.push();
  assert.deepEqual(other.roll.said.map((op) => op.minutes), [60]);
});
