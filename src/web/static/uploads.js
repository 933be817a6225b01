// Pictures that were dropped, pasted or chosen: in the memory of the page, so that going back finds them again.

import { forgetOldUploads, newKey, storeUpload, storedUpload } from "./uploadstore.js";

const MOST_KEPT = 50;
const kept = new Map();
let count = 0;

function keep(key, blob, name) {
  kept.set(key, { blob, name, link: URL.createObjectURL(blob) });
  if (kept.size > MOST_KEPT) {
    const [oldest, upload] = kept.entries().next().value;
    URL.revokeObjectURL(upload.link);
    kept.delete(oldest);
  }
}

/** Keep a picture; return its key, by which an address names it. After a reload, no key means another picture. */
export function keepUpload(blob, name) {
  const key = newKey(++count);
  keep(key, blob, name);
  storeUpload(key, blob, name);
  return key;
}

/** Return a picture that was kept (blob, name and a link to show it), or undefined. */
export function uploadOf(key) {
  return kept.get(key);
}

/** Take a picture back into memory that was kept before the page was loaded anew, if it is still there. */
export async function restoreUpload(key) {
  const stored = kept.has(key) ? undefined : await storedUpload(key);
  if (stored && !kept.has(key)) keep(key, stored.blob, stored.name);
}

forgetOldUploads();
