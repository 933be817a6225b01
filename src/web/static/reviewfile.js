// The file of decisions that duplicates.py --apply takes, and the command that does so.

import { DIFFERENT, KEEP, SPARE } from "./reviewmarks.js";

/** What is to be done about groups: JSON as `duplicates.py --apply` reads it. Groups of which nothing goes are left out. */
export function decisions(groups) {
  const named = (pictures) => pictures.map((picture) => ({ id: picture.id }));
  const found = groups.map((group) => ({
    keep: named(group.marked(KEEP)),
    spares: named(group.marked(SPARE)),
    different: named(group.marked(DIFFERENT)),
  }));
  return { groups: found.filter((group) => group.spares.length || group.different.length) };
}

/** A name that no file of decisions had before, as the time is in it. */
export function fileName(now = new Date()) {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `decisions-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.json`;
}

const WAYS = { move: ["--move-to", "spares"], trash: ["--delete"], link: ["--link"] };

/** The command line that does what a file of decisions says. */
export function command(options, name, file, way) {
  const words = ["python", "duplicates.py", ...options, "--apply", name];
  const isRemembered = options.includes("--ignore");
  if (!isRemembered && file.groups.some((group) => group.different.length)) words.push("--ignore", "different.txt");
  if (file.groups.some((group) => group.spares.length)) words.push(...WAYS[way]);
  return words.map(quoted).join(" ");
}

// As shells want it, of Unix and PowerShell alike as long as there is no quote in it.
function quoted(word) {
  return /^[\w.,/:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
