// How operations on one place come together, as app/domain/notes/registers.py does it: any order, same end.

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// `fresh` is {op_id, value, replaces}; `replaced`: an operation that came earlier names it already.
export function fold(fresh, heads, { replaced = false, othersWrote = false } = {}) {
  const stays = heads.filter((head) => !fresh.replaces.includes(head.op_id));
  if (replaced) return { heads: stays, becomesHead: false, outcome: "merged" };
  const outcome = stays.some((head) => !same(head.value, fresh.value))
    ? "conflict"
    : othersWrote || stays.length > 0 ? "merged" : "applied";
  return { heads: [...stays, fresh], becomesHead: true, outcome };
}

// The heads that differ, the earliest first: more than one is a conflict for a person to settle.
export function textsApart(heads) {
  const apart = [];
  for (const head of [...heads].sort((a, b) => (a.op_id < b.op_id ? -1 : a.op_id > b.op_id ? 1 : 0))) {
    if (apart.every((other) => !same(other.value, head.value))) apart.push(head);
  }
  return apart;
}
