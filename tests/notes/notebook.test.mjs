// Writing, sending and bringing together, with the real core, a store in memory and a server of a few lines.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Notebook } from "../../assets/notes/notebook.js";
import { maker } from "../../assets/notes/uuid7.js";
import { at, shown, statusOf } from "../../assets/notes/view.js";
import { MemoryStore, aLock } from "./memory.mjs";
import { FakeServer, NOTE } from "./server.mjs";

async function aTab(server, { store = new MemoryStore(), lock = aLock(), renew = async () => "ended", failed = () => {} } = {}) {
  const tab = new Notebook({
    store, lock, renew, failed, transport: server.transport(), uuid7: maker(), me: () => ({ name: "Ash", person_id: "", device_id: "d", device_name: "Phone" }),
  });
  if (!(await store.document(NOTE))) await store.putDocument(server.document());
  await tab.load();
  return tab;
}

const place = (tab, path = "lesson") => at(tab.places(NOTE), path);
const texts = (server, path = "lesson") => (server.heads.get(path) ?? []).map((head) => head.value);

async function aBox(tab, path = "lesson") {
  const box = tab.box(NOTE, path);
  box.later = () => 0;
  box.paint(place(tab, path));
  box.focus();
  return box;
}

test("words typed in one go are one operation", async () => {
  const server = new FakeServer();
  const tab = await aTab(server);
  const box = await aBox(tab);
  for (const words of ["H", "Ha", "Half", "Halves"]) await box.type(words);
  await box.blur();
  assert.equal((await tab.store.all()).length, 1);
  await tab.push();
  assert.deepEqual(server.applied.map((op) => op.value), ["Halves"]);
  assert.equal(statusOf(place(tab)), "saved");
});

test("an operation that was tried once is never changed: later words are a new one that replaces it", async () => {
  const server = new FakeServer();
  const tab = await aTab(server);
  const box = await aBox(tab);
  await box.type("Hal");
  server.cut = "after";
  assert.equal(await tab.push(), "offline");
  await box.type("Halves");
  const [first, second] = (await tab.store.all()).map((entry) => entry.op);
  assert.equal(first.value, "Hal");
  assert.ok(second.replaces.includes(first.op_id));
  server.cut = null;
  assert.equal(await tab.push(), "done");
  assert.deepEqual(texts(server), ["Halves"]);
  assert.equal(server.applied.length, 2);
});

test("a pause makes an operation final", async () => {
  const tab = await aTab(new FakeServer());
  const box = await aBox(tab);
  await box.type("Hal");
  await box.seal();
  await box.type("Halves");
  assert.deepEqual((await tab.store.all()).map((entry) => entry.op.value), ["Hal", "Halves"]);
});

test("what somebody else wrote meanwhile is not replaced by a box that never showed it", async () => {
  const server = new FakeServer();
  const [mine, theirs] = [await aTab(server), await aTab(server)];
  const box = await aBox(mine);
  await theirs.write(NOTE, "lesson", "Quarters");
  await theirs.push();
  await mine.sync.pull([NOTE]);
  await mine.load();
  assert.equal(box.paint(place(mine)), false, "the box under the caret stays as it is");
  await box.type("Halves");
  await box.blur();
  await mine.push();
  assert.deepEqual(texts(server).sort(), ["Halves", "Quarters"]);
  assert.equal(shown(place(mine)).apart.length, 2);
  assert.equal(statusOf(place(mine)), "needs");
});

test("one choice settles a conflict for everybody", async () => {
  const server = new FakeServer();
  const [mine, theirs] = [await aTab(server), await aTab(server)];
  await mine.write(NOTE, "lesson", "Halves");
  await theirs.write(NOTE, "lesson", "Quarters");
  await mine.push();
  await theirs.push();
  await theirs.write(NOTE, "lesson", "Halves and quarters");
  await theirs.push();
  await mine.sync.pull([NOTE]);
  await mine.load();
  assert.deepEqual(shown(place(mine)).value, "Halves and quarters");
  assert.deepEqual(shown(place(mine)).apart, []);
});

test("a lost answer is asked for again and nothing happens twice", async () => {
  const server = new FakeServer();
  const tab = await aTab(server);
  await tab.write(NOTE, "lesson", "Halves");
  server.cut = "after";
  assert.equal(await tab.push(), "offline");
  assert.equal((await tab.store.all()).length, 1, "it stays until the server answered");
  server.cut = null;
  await tab.push();
  assert.equal((await tab.store.all()).length, 0);
  assert.equal(server.applied.length, 1);
});

test("a refused piece stays with its because and stops none of the others", async () => {
  const server = new FakeServer();
  server.refuse = (op) => (op.value === "No" ? "The record is agreed." : "");
  const tab = await aTab(server);
  await tab.write(NOTE, "lesson", "No");
  await tab.write(NOTE, "small_step", "Yes");
  assert.equal(await tab.push(), "done");
  assert.deepEqual(texts(server, "small_step"), ["Yes"]);
  const [left] = await tab.store.all();
  assert.deepEqual([left.refused, left.because, left.op.value], [true, "The record is agreed.", "No"]);
  assert.equal(statusOf(place(tab)), "needs");
  assert.deepEqual(server.seen.filter((one) => one.method === "POST").map((one) => one.body.waiting), [0, 1]);
  server.refuse = () => "";
  await tab.again(left.seq);
  await tab.push();
  assert.deepEqual(texts(server), ["No"]);
  assert.equal((await tab.store.all()).length, 0);
});

test("a batch that the server cannot read goes in halves, so that one piece stops none of the others", async () => {
  const server = new FakeServer();
  const real = server.answer.bind(server);
  server.answer = (method, path, body) => (body?.operations?.some((op) => op.value === "bad") ? { status: 422, body: { detail: "Too odd." } } : real(method, path, body));
  const tab = await aTab(server);
  for (const value of ["a", "bad", "c"]) await tab.write(NOTE, "lesson", value);
  await tab.push();
  assert.deepEqual(server.applied.map((op) => op.value), ["a", "c"]);
  assert.deepEqual((await tab.store.all()).map((entry) => entry.because), ["Too odd."]);
});

test("pieces go in order and at most fifty at a time", async () => {
  const server = new FakeServer();
  const tab = await aTab(server);
  for (let n = 0; n < 120; n++) await tab.write(NOTE, "lesson", `${n}`);
  await tab.push();
  assert.deepEqual(server.applied.map((op) => op.value), Array.from({ length: 120 }, (_, n) => `${n}`));
  assert.deepEqual(server.seen.filter((one) => one.method === "POST").map((one) => one.body.operations.length), [50, 50, 20]);
});

test("two tabs of a device never send at the same time", async () => {
  const server = new FakeServer();
  const shared = { store: new MemoryStore(), lock: aLock() };
  const [one, two] = [await aTab(server, shared), await aTab(server, shared)];
  await one.write(NOTE, "lesson", "Halves");
  await Promise.all([one.push(), two.push()]);
  assert.equal(server.seen.filter((asked) => asked.method === "POST").length, 1);
});

test("an old token is renewed once; somebody else's sign-in stops the sending", async () => {
  const server = new FakeServer();
  server.status = 403;
  const asked = [];
  const tab = await aTab(server, { renew: async () => { asked.push(1); server.status = 200; return "same"; } });
  await tab.write(NOTE, "lesson", "Halves");
  assert.equal(await tab.push(), "done");
  server.status = 403;
  const other = await aTab(server, { renew: async () => "other" });
  await other.write(NOTE, "lesson", "Quarters");
  assert.equal(await other.push(), "other");
  assert.deepEqual(texts(server), ["Halves"]);
  assert.equal((await other.store.all()).length, 1);
});

test("an ended sign-in and a tired server leave everything where it is", async () => {
  for (const [status, kind] of [[401, "ended"], [500, "later"], [429, "later"]]) {
    const server = new FakeServer();
    const tab = await aTab(server);
    await tab.write(NOTE, "lesson", "Halves");
    server.status = status;
    assert.equal(await tab.push(), kind);
    assert.equal((await tab.store.all()).length, 1);
  }
});

test("a full device says so, keeps the words in sight, and keeps them as soon as there is room", async () => {
  const server = new FakeServer();
  const said = [];
  const tab = await aTab(server, { failed: (error) => said.push(error.name) });
  tab.store.room = tab.store.used() + 50;
  const box = await aBox(tab);
  await box.type("Halves of a quantity, on the bar model");
  assert.deepEqual(said, ["QuotaExceededError"]);
  assert.equal(shown(place(tab)).value, "Halves of a quantity, on the bar model");
  assert.equal(statusOf(place(tab)), "unkept");
  assert.match(await tab.toFile(), /on the bar model/);
  tab.store.room = Infinity;
  await tab.push();
  assert.deepEqual(texts(server), ["Halves of a quantity, on the bar model"]);
});

test("a full device with a network sends what it cannot keep straight from the page", async () => {
  const server = new FakeServer();
  const tab = await aTab(server);
  const box = await aBox(tab);
  await box.type("Ha");
  tab.store.room = tab.store.used() + 10;
  await box.type("Halves of a quantity, on the bar model");
  assert.equal(tab.outbox.unkept.size, 1);
  server.cut = "before";
  await tab.push();
  assert.equal(tab.outbox.unkept.size, 1, "it stays until the server answered");
  server.cut = null;
  await tab.push();
  assert.equal(tab.outbox.unkept.size, 0);
  assert.deepEqual(texts(server), ["Halves of a quantity, on the bar model"]);
});

test("a photo goes in pieces from where the server left off, after its words", async () => {
  const server = new FakeServer();
  const tab = await aTab(server);
  const sha = await tab.takePhoto(NOTE, new Uint8Array(600_000).fill(7));
  await tab.write(NOTE, "photos#0194fdc2-0000-7000-8000-0000000000aa.sha", sha);
  server.photos.set(sha, { pieces: [], received: 262_144 });
  await tab.push();
  assert.deepEqual(server.photos.get(sha).pieces, [[262_144, 262_144], [524_288, 75_712]]);
  assert.equal(tab.photos.get(sha).own, false);
  assert.ok(await tab.store.photo(sha), "a copy stays to look at");
});

test("unsent writing and photos survive as a file", async () => {
  const server = new FakeServer();
  const [lost, found] = [await aTab(server), await aTab(server)];
  await lost.write(NOTE, "lesson", "Halves ½ 🏫");
  const sha = await lost.takePhoto(NOTE, new Uint8Array([1, 2, 3]));
  await lost.write(NOTE, "photos#0194fdc2-0000-7000-8000-0000000000aa.sha", sha);
  const text = await lost.toFile();
  assert.equal(await found.fromFile(text), 2);
  assert.equal(await found.fromFile(text), 0);
  await found.push();
  assert.deepEqual(texts(server), ["Halves ½ 🏫"]);
  assert.ok(server.photos.get(sha).whole);
  await assert.rejects(found.fromFile("{}"), /not a file of unsent writing/);
  await assert.rejects(found.fromFile(text.replaceAll(lost.store.account_id, NOTE)), /Somebody else saved this file/);
});
