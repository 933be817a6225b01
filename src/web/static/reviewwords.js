// Numbers and kinds for people, as duplicates.py tells them.

import { counted } from "./names.js";

const KINDS = { file: "same file", picture: "same picture", near: "near" };
export const MARKS = { K: "keep", S: "spare", D: "different", "-": "gone" };

/** What becomes of a picture, with a question mark as long as that is only proposed. */
export function markWords(mark, isDecided) {
  return isDecided ? MARKS[mark] : `${MARKS[mark]}?`;
}

/** The words for a kind of duplicates. */
export function kindWords(kind) {
  return KINDS[kind] ?? kind;
}

/** A number of bytes, as shops and file managers count them: "812 bytes", "3.4 MB". */
export function diskWords(size) {
  if (size < 1000) return counted(size, "byte");
  const units = ["kB", "MB", "GB", "TB"];
  let unit = 0;
  let amount = size / 1000;
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount.toFixed(amount < 9.95 ? 1 : 0)} ${units[unit]}`;
}

/** Size and bytes of a picture, and what it is to the one to keep. */
export function facts(picture) {
  const words = [`${picture.width} × ${picture.height}`, diskWords(picture.bytes)];
  // A near copy is never told to be the same.
  if (picture.kind === "near") words.push(`near ${(Math.floor(picture.similarity * 1000) / 1000).toFixed(3)}`);
  else if (picture.kind) words.push(kindWords(picture.kind));
  if (picture.orientation) words.push(picture.orientation);
  if (picture.protected) words.push("protected");
  if (!picture.takes_disk) words.push("takes no disk of its own");
  // A line ends between two of them.
  return words.map((word) => word.replaceAll(" ", "\u00a0")).join(" · ");
}
