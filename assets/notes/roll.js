// Who came to the events that I lead: what the server told last, with what this device has not sent yet laid over it.
// Each tap is kept on the device before anything else happens, and leaves it only when the server answered for it.
import { BATCH, Stopped, TOO_MUCH, because } from "./sync.js";

export const FACT = "attendance";
export const FRESH = 60_000; // milliseconds: how old what the server told may be before it is asked again
const LOST = "You no longer say who came to this. Tell whoever leads it now, then discard this.";
const EMPTY = { state: "", name: "", school: "", because: "", minutes: null, correction: "" };

export class Roll {
  // `store` keeps what the server told, `queue` what waits; `failed` hears why something could not be kept.
  constructor({ store, queue, ids, now = () => new Date(), failed = async () => {} }) {
    Object.assign(this, { store, queue, ids, now, failed, told: [], entries: [], stored: [], unkept: [], asked: 0, barred: false, writing: Promise.resolve() });
  }

  async load() {
    const [told, stored] = await Promise.all([this.store.fact(FACT), this.queue.all()]);
    this.told = told?.events ?? [];
    this.stored = stored;
    this.lay();
  }

  lay() {
    const loose = this.unkept.map((op) => ({ seq: null, op, kept_at: op.said_at, tried: false, refused: false, unkept: true }));
    this.entries = [...this.stored, ...loose];
  }

  // An event as it is shown: its guests, its visitors, and how many of whom nothing is said.
  event(id) {
    const told = this.told.find((one) => one.event === id);
    return told ? laid(told, this.entries.filter((entry) => entry.op.event === id)) : null;
  }

  // Keeps what is said of these guests, in order: [{guest, state, ...}]. One writing after the other, whoever taps how fast.
  say(event, saids) {
    this.writing = this.writing.then(async () => {
      for (const said of saids) await this.keep({ ...EMPTY, ...said, event, said_at: this.now().toISOString() });
      await this.load();
    });
    return this.writing;
  }

  // Newer words of what was never tried take its place; all else is added.
  async keep(said) {
    const last = this.stored.findLast((entry) => entry.op.event === said.event && entry.op.guest === said.guest);
    const again = last && !last.tried && !last.refused && last.op.state === said.state;
    const op = { op_id: again ? last.op.op_id : this.ids(), ...said };
    try {
      if (again && (await this.queue.rewrite(last.seq, op))) return this.remember(last.seq, op);
      const fresh = again ? { ...op, op_id: this.ids() } : op;
      return this.remember(await this.queue.append(fresh), fresh);
    } catch (error) {
      this.unkept.push({ ...op, op_id: this.ids() });
      this.lay();
      await this.failed(error);
      return undefined;
    }
  }

  remember(seq, op) {
    this.stored = [...this.stored.filter((entry) => entry.seq !== seq), { seq, op, kept_at: op.said_at, tried: false, refused: false }];
    this.lay();
  }

  // What had no room before, and may have some now.
  async keepAgain() {
    for (const op of [...this.unkept]) {
      await this.queue.append(op);
      this.unkept = this.unkept.filter((one) => one !== op);
    }
    await this.load();
  }

  // Sends all that waits, then asks what stands. `sync` asks the server and holds the lock of all tabs.
  async send(sync) {
    if (this.unkept.length) await this.keepAgain().catch(() => {});
    const sent = new Set();
    for (;;) {
      const waiting = [...this.unkept.map((op) => ({ seq: null, op })), ...(await this.queue.take(BATCH))];
      const batch = waiting.filter((entry) => !sent.has(entry.op.op_id)).slice(0, BATCH);
      if (!batch.length) break;
      for (const { op } of batch) sent.add(op.op_id);
      await this.post(sync, batch);
    }
    if (sent.size || (!this.barred && Date.now() - this.asked > FRESH)) await this.ask(sync);
    await this.load();
  }

  async post(sync, batch) {
    let answer;
    try {
      answer = await sync.ask("POST", "/my/attendance/operations", { operations: batch.map((entry) => entry.op) });
    } catch (error) {
      if (error instanceof Stopped && error.kind === "later" && (await this.isBarred(sync))) return this.settle(batch, batch.map(({ op }) => refusal(op, LOST)));
      throw error;
    }
    if (answer.status === 200) return this.settle(batch, answer.body.answers ?? []);
    if (!TOO_MUCH.has(answer.status)) throw new Stopped("later");
    if (batch.length === 1) return this.settle(batch, [refusal(batch[0].op, because(answer.body))]);
    const half = Math.ceil(batch.length / 2);
    await this.post(sync, batch.slice(0, half));
    return this.post(sync, batch.slice(half));
  }

  async isBarred(sync) {
    return (await sync.ask("GET", "/my/attendance/device")).status === 403;
  }

  async settle(batch, answers) {
    const said = new Map(answers.map((answer) => [answer.op_id, answer]));
    const answered = batch.filter((entry) => said.has(entry.op.op_id));
    if (!answered.length) throw new Stopped("later");
    const refused = answered.filter(({ op }) => said.get(op.op_id).outcome === "refused");
    const taken = answered.filter((entry) => !refused.includes(entry));
    await this.took(taken.map(({ op }) => op));
    const ids = new Set(answered.map(({ op }) => op.op_id));
    this.unkept = this.unkept.filter((op) => !ids.has(op.op_id));
    await this.queue.settle({
      documents: [], done: taken.map(({ seq }) => seq).filter((seq) => seq !== null),
      refused: refused.filter(({ seq }) => seq !== null).map((entry) => ({ ...entry, because: said.get(entry.op.op_id).because })),
    });
  }

  // What the server has taken stands from now on, also before it is asked again.
  async took(ops) {
    if (!ops.length) return;
    const before = (await this.store.fact(FACT)) ?? { events: [] };
    const events = before.events.map((event) => settled(event, ops.filter((op) => op.event === event.event)));
    await this.store.putFact(FACT, { ...before, events }).catch(() => {}); // a full device asks the server anew
  }

  async ask(sync) {
    const { status, body } = await sync.ask("GET", "/my/attendance/device");
    this.asked = Date.now();
    this.barred = status === 403;
    if (status === 200) await this.store.putFact(FACT, { events: body.events }).catch(() => {});
    else if (this.barred && this.told.length) await this.store.putFact(FACT, { events: [] });
  }

  // Something refused, once more as something new; or on its writer's word not at all.
  async again(seq) {
    const { op } = this.entries.find((entry) => entry.seq === seq);
    await this.queue.reissue(seq, { ...op, op_id: this.ids(), said_at: this.now().toISOString() });
    await this.load();
  }

  async discard(seq) {
    await this.queue.drop([seq]);
    await this.load();
  }
}

const refusal = (op, why) => ({ op_id: op.op_id, outcome: "refused", because: why });

const shown = (op) => ({ state: op.state, because: op.because, minutes: op.minutes, name_of_stand_in: op.state === "stand_in" ? op.name : "" });

// The event with what waits laid over it: `waits` and `refused` say of each guest whether the server has it.
export function laid(event, entries) {
  const now = settled(event, entries.filter((entry) => !entry.refused).map((entry) => entry.op), true);
  const of = (guest) => {
    const own = entries.filter((entry) => entry.op.guest === guest.guest);
    return { ...guest, waits: own.filter((entry) => !entry.refused).at(-1) ?? null, refused: own.findLast((entry) => entry.refused) ?? null };
  };
  return { ...now, guests: now.guests.map(of), visitors: now.visitors.map(of) };
}

// The event after these were said of it, in order.
function settled(event, ops, all = false) {
  const newest = new Map(ops.map((op) => [op.guest, op]));
  const guests = event.guests.map((guest) => (newest.has(guest.guest) ? { ...guest, ...shown(newest.get(guest.guest)) } : guest));
  const known = new Set([...event.guests, ...event.visitors].map((one) => one.guest));
  const visitors = [
    ...event.visitors.map((one) => (newest.has(one.guest) ? { ...one, state: newest.get(one.guest).state } : one)),
    ...[...newest.values()].filter((op) => !known.has(op.guest)).map((op) => ({
      guest: op.guest, name: op.name, school: op.school, expected: false, answer: "", state: op.state, because: "", minutes: null, name_of_stand_in: "",
    })),
  ];
  return { ...event, guests, visitors: all ? visitors : visitors.filter((one) => one.state) };
}

// Those of whom nothing is said and nothing else is known: whoever answered no, or named a stand-in, is left for a person to say.
export const everyoneElse = (event) =>
  event.guests.filter((guest) => !guest.state && guest.answer !== "no" && !guest.name_of_stand_in);

// How many are here, and so on, in words.
export function countWords(event) {
  const every = [...event.guests, ...event.visitors];
  const count = (state) => every.filter((one) => one.state === state).length;
  const parts = [[count("present"), "here"], [count("part"), "for part of it"], [count("absent"), "not here"], [count("stand_in"), count("stand_in") === 1 ? "stand-in" : "stand-ins"],
    [count("visitor"), count("visitor") === 1 ? "visitor" : "visitors"], [event.guests.filter((one) => !one.state).length, "not said yet"]];
  return `${parts.filter(([number]) => number).map(([number, word]) => `${number} ${word}`).join(", ") || "Nobody is asked to this"}.`;
}
