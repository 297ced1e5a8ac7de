// A gentle look for a pupil's name: a word with a capital, inside a sentence, beside "pupil" or "child". It never blocks.

export const WARNING = "Use a letter for a pupil, never a name.";
const NEAR = /^(?:pupil|pupils|child|children|boy|girl)(?:'s|’s)?$/i;
const LETTER = /^[A-Z](?:'s|’s)?$/;
const NO_NAMES = new Set([
  "I", "I'm", "I’m", "Year", "Reception", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January",
  "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December", "English", "Maths",
  "Numicon", "Dienes", "SEND", "EAL", "TA", "SEN", "Specialist", "Lead", "Teacher", "Pupil", "Pupils", "Child", "Children",
]);

// Whether the text seems to name a pupil.
export function namesAPupil(text) {
  return text.split(/(?<=[.!?:])\s+|\n+/).some((sentence) => {
    const words = sentence.split(/[^\p{L}\p{N}'’-]+/u).filter(Boolean);
    return words.some((word, place) => {
      if (place === 0 || !/^\p{Lu}\p{Ll}+/u.test(word) || LETTER.test(word) || NO_NAMES.has(word.replace(/['’]s$/, ""))) return false;
      return [words[place - 1], words[place - 2], words[place + 1], words[place + 2]].some((near) => near !== undefined && NEAR.test(near));
    });
  });
}
