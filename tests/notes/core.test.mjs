// The small rules: values coming together, ids, dates, the clock, names, the seal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { elapsed, minutesSeconds, stateOf, timed } from "../../assets/notes/clock.js";
import { namesAPupil } from "../../assets/notes/names.js";
import { nameOf, read, write } from "../../assets/notes/paths.js";
import { fold, textsApart } from "../../assets/notes/registers.js";
import { importKey, openValue, sealValue, sha256 } from "../../assets/notes/seal.js";
import { patience } from "../../assets/notes/sync.js";
import { maker } from "../../assets/notes/uuid7.js";
import { endedWords, inWords, joined, longUnsent, spoken, spokenDate, waitingWords } from "../../assets/notes/words.js";

const op = (op_id, value, replaces = []) => ({ op_id, value, replaces });

test("values come together to the same end in any order", () => {
  const all = [op("a", "1"), op("b", "2", ["a"]), op("c", "3", ["a"]), op("d", "4", ["b"])];
  const ends = new Set();
  for (const order of permutations(all)) {
    const replaced = new Set();
    let heads = [];
    for (const one of order) {
      heads = fold(one, heads, { replaced: replaced.has(one.op_id) }).heads;
      for (const id of one.replaces) replaced.add(id);
    }
    ends.add(heads.map((head) => head.op_id).sort().join());
  }
  assert.deepEqual([...ends], ["c,d"]);
});

function permutations(list) {
  return list.length < 2 ? [list] : list.flatMap((one, n) => permutations(list.toSpliced(n, 1)).map((rest) => [one, ...rest]));
}

test("outcomes are those of the server's own rule", () => {
  assert.equal(fold(op("b", "2", ["a"]), [op("a", "1")]).outcome, "applied");
  assert.equal(fold(op("b", "2", ["a"]), [op("a", "1")], { othersWrote: true }).outcome, "merged");
  assert.equal(fold(op("b", "2"), [op("a", "1")]).outcome, "conflict");
  assert.equal(fold(op("b", "1"), [op("a", "1")]).outcome, "merged");
  assert.deepEqual(fold(op("b", "2"), [op("c", "3")], { replaced: true }), { heads: [op("c", "3")], becomesHead: false, outcome: "merged" });
  assert.deepEqual(textsApart([op("b", "2"), op("a", "1"), op("c", "2")]).map((one) => one.op_id), ["a", "b"]);
});

test("ids are UUIDv7 and rise even when the clock goes back", () => {
  const times = [1000, 1000, 900, 5000, 100];
  const uuid7 = maker({ now: () => times.shift() });
  const made = Array.from({ length: 5 }, uuid7);
  assert.deepEqual(made, [...made].sort());
  for (const id of made) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const many = maker({ now: () => 1 });
  const crowd = Array.from({ length: 10_000 }, many);
  assert.deepEqual(crowd, [...crowd].sort());
});

test("paths are read as they are written", () => {
  const person = "0194fdc2-0000-7000-8000-00000000000b";
  for (const path of ["lesson", `noticed/${person}`, "areas#vision.evidence", `tries/${person}#${person}.by`]) assert.equal(write(read(path)), path);
  for (const path of ["", "Lesson", "lesson#x", "a/b", "a#b.C"]) assert.equal(read(path), null);
  const sections = [{ fields: [{ key: "areas", label: "Five areas", options: [{ key: "vision", label: "Vision" }], parts: [{ key: "evidence", label: "Evidence" }] }] }];
  assert.equal(nameOf(sections, "areas#vision.evidence"), "Five areas: Vision: Evidence");
});

test("the clock is nothing but its moments", () => {
  const minute = (n) => new Date(Date.UTC(2026, 10, 26, 9, n)).toISOString();
  const moments = [{ what: "start", at: minute(0) }, { what: "pause", at: minute(10) }, { what: "start", at: minute(15) }, { what: "tag", at: minute(20), label: "?" }];
  assert.equal(minutesSeconds(elapsed(moments, Date.parse(minute(22)) + 5000)), "17:05");
  assert.deepEqual([stateOf([]), stateOf(moments), stateOf(moments.slice(0, 2))], ["ready", "running", "paused"]);
  assert.deepEqual(timed(moments).map((one) => one.spent), ["0:00", "10:00", "10:00", "15:00"]);
});

test("a name beside a pupil is noticed, and a letter, a day or a first word is not", () => {
  for (const text of ["The pupil Rowan counted on.", "We saw that Hazel, a child in the corner, drew.", "It was Linden pupil talk"]) assert.ok(namesAPupil(text), text);
  for (const text of ["Pupil A counted on.", "Rowan is the teacher of pupil B.", "The pupils used Numicon on Monday.", "Every child in Year 4 said so.", "The teacher Rowan spoke."]) {
    assert.ok(!namesAPupil(text), text);
  }
});

test("dates and numbers are spoken as everywhere in Halfterm", () => {
  assert.equal(spoken(new Date("2026-09-24T08:30:00Z")), "Thursday 24 September 2026, 9.30am");
  assert.equal(spoken(new Date("2026-12-01T12:00:00Z")), "Tuesday 1 December 2026, 12 noon");
  assert.equal(spokenDate("2026-11-26"), "Thursday 26 November 2026");
  assert.equal(waitingWords(1), "1 piece of writing waits to be sent");
  assert.equal(waitingWords(3), "3 pieces of writing wait to be sent");
  assert.equal(endedWords(3), "Your sign-in has ended. 3 pieces of writing are safe on this device. Sign in to go on.");
  assert.equal(endedWords(0), "Your sign-in has ended. Sign in to go on.");
  assert.equal(inWords(["a", "b"], [{ key: "a", label: "Fluency" }]), "Fluency, b");
  assert.equal(joined(["x", "y"], "text"), "x\n\ny");
  assert.deepEqual(joined([["x"], ["x", "y"]], "choices"), ["x", "y"]);
});

test("what waits for more than three days is told", () => {
  const entries = [{ kept_at: "2026-11-20T09:00:00Z" }];
  assert.equal(longUnsent(entries, Date.parse("2026-11-22T09:00:00Z")), "");
  assert.match(longUnsent(entries, Date.parse("2026-11-23T10:00:00Z")), /^1 piece of writing has waited here since Friday 20 November 2026\. /);
});

test("tries come apart from each other, to five minutes and no more", () => {
  assert.deepEqual([1, 2, 3, 20].map((failures) => patience(failures, 0.5)), [2000, 4000, 8000, 300_000]);
});

test("what is sealed opens with its key, at its place, and nowhere else", async () => {
  const [key, other] = await Promise.all([importKey(new Uint8Array(32).fill(1)), importKey(new Uint8Array(32).fill(2))]);
  const sealed = await sealValue(key, "op me 1", { value: "Halves ½" });
  assert.deepEqual(await openValue(key, "op me 1", sealed), { value: "Halves ½" });
  assert.ok(!Buffer.from(sealed.box).includes("Halves"));
  await assert.rejects(openValue(other, "op me 1", sealed));
  await assert.rejects(openValue(key, "op me 2", sealed));
  await assert.rejects(crypto.subtle.exportKey("raw", key));
  assert.equal(await sha256(new Uint8Array()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});
