// A server in a few lines: takes operations as docs/rules/notes.md says, and can lose requests and answers.
import { fold } from "../../assets/notes/registers.js";

export const NOTE = "0194fdc2-0000-7000-8000-000000000001";
const PERSON = "0194fdc2-0000-7000-8000-00000000000b";

const field = (key, kind, more = {}) => ({ key, kind, label: key, hint: "", share: "record", options: [], parts: [], summary: false, feeds: "", ...more });
const SECTIONS = [
  { key: "plan", title: "Plan", intro: "", fields: [field("lesson", "line"), field("small_step", "text")] },
  { key: "observe", title: "Observe", intro: "", fields: [field("noticed", "list", { share: "each", parts: [{ key: "text", label: "I noticed", kind: "text", options: [] }] })] },
];

export class FakeServer {
  constructor() {
    Object.assign(this, { rev: 0, heads: new Map(), known: new Map(), replaced: new Set(), applied: [], photos: new Map(), cut: null, refuse: () => "", seen: [], status: 200 });
  }

  document() {
    const values = [...this.heads].map(([path, heads]) => ({ path, heads: heads.map((head) => ({ ...head, by: PERSON, by_name: "Ash", at: "2026-11-20T09:00:00Z" })) }));
    return structuredClone({ event: { id: NOTE, heading: "Observation", ends_at: "2026-11-26T10:00:00Z" }, me: { person_id: PERSON }, form: { kind: "observation", version: 1, sections: SECTIONS }, rev: this.rev, state: "open", locked: "", may: {}, values });
  }

  take(op) {
    const known = this.known.get(op.op_id);
    if (known) return known;
    const because = this.refuse(op);
    if (because) return { op_id: op.op_id, outcome: "refused", because, rev: 0 };
    const done = fold(op, this.heads.get(op.path) ?? [], { replaced: this.replaced.has(op.op_id) });
    this.rev += 1;
    this.heads.set(op.path, done.heads.map(({ op_id, value }) => ({ op_id, value })));
    for (const one of op.replaces) this.replaced.add(one);
    this.applied.push(op);
    const answer = { op_id: op.op_id, outcome: done.outcome, because: "", rev: this.rev };
    this.known.set(op.op_id, answer);
    return answer;
  }

  // `cut`: "before" loses the request, "after" loses the answer.
  transport() {
    return async (method, path, body) => {
      if (this.cut === "before") throw new TypeError("no network");
      this.seen.push({ method, path, body: structuredClone(body) });
      const answer = this.status === 200 ? this.answer(method, path, body) : { status: this.status, body: null };
      if (this.cut === "after") throw new TypeError("no network");
      return answer;
    };
  }

  answer(method, path, body) {
    if (path === "/my/notes/operations") return { status: 200, body: { answers: body.operations.map((op) => this.take(op)), revs: { [NOTE]: this.rev } } };
    if (path.startsWith("/my/attendance/")) return this.roll ? this.roll.answer(method, path, body) : { status: 403, body: null };
    if (path.endsWith("/record")) return { status: 200, body: this.document() };
    const sha = /photos\/([0-9a-f]{64})/.exec(path)[1];
    const photo = this.photos.get(sha) ?? { pieces: [], received: 0 };
    if (method === "GET") return { status: 200, body: { received: photo.received, whole: Boolean(photo.whole) } };
    const asked = new URLSearchParams(path.split("?")[1]);
    photo.pieces.push([Number(asked.get("start")), body.length]);
    photo.received = Number(asked.get("start")) + body.length;
    photo.whole = photo.received === Number(asked.get("size"));
    this.photos.set(sha, photo);
    return { status: 200, body: { received: photo.received, whole: photo.whole, because: "" } };
  }
}
