// Pictures that were dropped, pasted or chosen: in the memory of the page, so that going back finds them again.

const MOST_KEPT = 50;
const kept = new Map();
// After a reload, an old address must not mean another picture.
const run = Date.now().toString(36);
let count = 0;

/** Keep a picture; return its key, by which an address names it. */
export function keepUpload(blob, name) {
  const key = `${run}-${++count}`;
  kept.set(key, { blob, name, link: URL.createObjectURL(blob) });
  if (kept.size > MOST_KEPT) {
    const [oldest, upload] = kept.entries().next().value;
    URL.revokeObjectURL(upload.link);
    kept.delete(oldest);
  }
  return key;
}

/** Return a picture that was kept (blob, name and a link to show it), or undefined. */
export function uploadOf(key) {
  return kept.get(key);
}
