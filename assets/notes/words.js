// Statuses, numbers and dates in words, as app/kit/periods.py speaks them: London time, whatever the device is set to.

export const STATUS = {
  "": "",
  device: "On this device",
  unkept: "Not kept yet: this device is full",
  sending: "Sending",
  saved: "Saved",
  needs: "Needs you",
};
export const LONG_UNSENT = 3 * 86_400_000; // milliseconds: three days

const LONDON = { timeZone: "Europe/London" };
const day = new Intl.DateTimeFormat("en-GB", { ...LONDON, weekday: "long", day: "numeric", month: "long", year: "numeric" });
const clock = new Intl.DateTimeFormat("en-GB", { ...LONDON, hour: "numeric", minute: "2-digit", hourCycle: "h23" });

export function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}

// Thursday 24 September 2026
export function spokenDay(moment) {
  const parts = Object.fromEntries(day.formatToParts(moment).map((part) => [part.type, part.value]));
  return `${parts.weekday} ${parts.day} ${parts.month} ${parts.year}`;
}

// 9.30am, 3pm, 12 noon, midnight
export function spokenTime(moment) {
  const [hours, minutes] = clock.format(moment).split(":").map(Number);
  if (!minutes && hours === 12) return "12 noon";
  if (!minutes && hours === 0) return "midnight";
  const past = minutes ? `.${String(minutes).padStart(2, "0")}` : "";
  return `${hours % 12 || 12}${past}${hours < 12 ? "am" : "pm"}`;
}

export const spoken = (moment) => `${spokenDay(moment)}, ${spokenTime(moment)}`;

// 2026-11-26 as Thursday 26 November 2026
export function spokenDate(text) {
  const moment = new Date(`${text}T12:00:00Z`);
  return Number.isNaN(moment.getTime()) ? text : spokenDay(moment);
}

export function waitingWords(count) {
  return count ? `${plural(count, "piece")} of writing ${count === 1 ? "waits" : "wait"} to be sent` : "Everything is sent";
}

export function rollWords(count) {
  return count ? `${plural(count, "word")} on who came ${count === 1 ? "waits" : "wait"} to be sent` : "";
}

export function endedWords(count) {
  const safe = count ? `${plural(count, "piece")} of writing ${count === 1 ? "is" : "are"} safe on this device. ` : "";
  return `Your sign-in has ended. ${safe}Sign in to go on.`;
}

// What waits longer than three days, in a sentence; empty when nothing does.
export function longUnsent(entries, now) {
  const old = entries.filter((entry) => now - new Date(entry.kept_at).getTime() > LONG_UNSENT);
  if (!old.length) return "";
  const since = spokenDay(new Date(old[0].kept_at));
  return `${plural(old.length, "piece")} of writing ${old.length === 1 ? "has" : "have"} waited here since ${since}. `
    + "Connect this device to a network, or save them as a file.";
}

// A value as words, for lists and for two texts side by side.
export function inWords(value, options = []) {
  const named = (one) => options.find((option) => option.key === one)?.label ?? one;
  if (value === true) return "Taken out";
  if (value === false) return "Put back";
  if (value === null || value === undefined || value === "") return "Nothing";
  if (Array.isArray(value)) return value.map(named).join(", ") || "Nothing";
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return spokenDate(value);
  return String(named(value));
}

// Both of several values, joined; null where they cannot be one.
export function joined(values, kind) {
  if (kind === "choices") return [...new Set(values.flat())];
  if (kind === "text") return values.filter(Boolean).join("\n\n");
  if (kind === "line") return values.filter(Boolean).join(" / ");
  return null;
}
