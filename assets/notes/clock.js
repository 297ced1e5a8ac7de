// The lesson clock, out of the moments that were noted: it survives every reload because it is nothing but them.

const at = (moment) => new Date(moment.at).getTime();
const inOrder = (moments) => moments.filter((one) => !Number.isNaN(at(one))).sort((a, b) => at(a) - at(b));

// Milliseconds of lesson up to an instant; pauses do not count.
export function elapsed(moments, now) {
  let total = 0;
  let since = null;
  for (const moment of inOrder(moments)) {
    if (at(moment) > now) break;
    if (moment.what === "start") since ??= at(moment);
    if (moment.what === "pause" && since !== null) {
      total += at(moment) - since;
      since = null;
    }
  }
  return total + (since === null ? 0 : Math.max(0, now - since));
}

export function stateOf(moments) {
  const turns = inOrder(moments).filter((one) => one.what === "start" || one.what === "pause");
  if (!turns.length) return "ready";
  return turns.at(-1).what === "start" ? "running" : "paused";
}

// 7:05, 63:20
export function minutesSeconds(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

// Every moment with its time in the lesson, the earliest first.
export const timed = (moments) => inOrder(moments).map((moment) => ({ ...moment, spent: minutesSeconds(elapsed(moments, at(moment))) }));
