// Where a value stands in a record: field, field/PERSON, field#ITEM.part, field/PERSON#ITEM.part (docs/rules/notes.md).

const SHAPE = /^([a-z][a-z0-9_]{0,59})(?:\/([0-9a-f-]{36}))?(?:#([a-z0-9_-]{1,60})\.([a-z_]{1,60}))?$/;
export const WITH_ITEMS = new Set(["list", "rows", "clock", "photos"]);
export const LONGEST = { line: 300, text: 20_000 };

export function read(path) {
  const found = SHAPE.exec(path);
  return found && { field: found[1], person: found[2] ?? "", item: found[3] ?? "", part: found[4] ?? "" };
}

export function write({ field, person = "", item = "", part = "" }) {
  return field + (person ? `/${person}` : "") + (item ? `#${item}.${part}` : "");
}

// Whose part of a field the viewer writes in: nobody's where it is shared once.
export const ownerOf = (field, person) => (field.share === "record" ? "" : person);

export function fieldOf(sections, key) {
  for (const section of sections) {
    const found = section.fields.find((field) => field.key === key);
    if (found) return found;
  }
  return null;
}

// What a place is called, in words, for lists of what waits.
export function nameOf(sections, path) {
  const place = read(path);
  if (!place) return path;
  if (place.field === "tags") return "Tags";
  const field = fieldOf(sections, place.field);
  if (!field) return place.field;
  if (!place.part) return field.label;
  if (place.part === "removed") return `${field.label}: taken out or put back`;
  const part = field.parts.find((one) => one.key === place.part);
  const row = field.options.find((one) => one.key === place.item);
  return [field.label, row?.label, part?.label].filter(Boolean).join(": ");
}
