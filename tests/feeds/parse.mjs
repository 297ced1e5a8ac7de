// Reads a calendar on standard input and prints what ical.js and node-ical make of its events, as one JSON document.
// The one argument is the folder that holds node_modules.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "here.js"));
const ICAL = (await import(require.resolve("ical.js"))).default;
const nodeIcal = (await import(require.resolve("node-ical"))).default;
const text = readFileSync(0, "utf8");

const plain = (value) => (value === undefined || value === null ? "" : (value.val ?? String(value)));

const calendar = new ICAL.Component(ICAL.parse(text));
const byIcalJs = calendar.getAllSubcomponents("vevent").map((component) => {
  const first = (name) => component.getFirstPropertyValue(name);
  return {
    uid: first("uid"),
    starts: first("dtstart").toJSDate().toISOString(),
    ends: first("dtend").toJSDate().toISOString(),
    status: first("status"),
    summary: plain(first("summary")),
    location: plain(first("location")),
    description: plain(first("description")),
    url: plain(first("url")),
  };
});

const byNodeIcal = Object.values(nodeIcal.sync.parseICS(text))
  .filter((entry) => entry.type === "VEVENT")
  .map((entry) => ({
    uid: entry.uid,
    starts: entry.start.toISOString(),
    ends: entry.end.toISOString(),
    status: entry.status,
    summary: plain(entry.summary),
    location: plain(entry.location),
    description: plain(entry.description),
    url: plain(entry.url),
  }));

process.stdout.write(JSON.stringify({ "ical.js": byIcalJs, "node-ical": byNodeIcal }));
