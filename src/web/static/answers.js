// Answers that were given, so that going back shows them at once; and what is known of pictures that were seen.

import { addressOf, idIn } from "./address.js";
import { search } from "./service.js";
import { uploadOf } from "./uploads.js";

const MOST_KEPT = 60;
const kept = new Map();
const seen = new Map();

/** Return the answer to a query; from memory if it was given before. */
export async function answerTo(query, limit, signal, onSent) {
  const key = `${limit} ${addressOf(query)}`;
  if (!kept.has(key)) keep(key, await search(query, uploadOf(query.upload), limit, signal, onSent));
  return kept.get(key);
}

function keep(key, answer) {
  kept.set(key, answer);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  for (const { id, links } of answer.results) seen.set(idIn(links.page), { name: id, link: links.thumbnail });
}

/** Return what is known of the picture of a query (name and link), before there is an answer and after. */
export function pictureOf(query, answer) {
  if (query.upload !== null) return uploadOf(query.upload) ?? { name: "", link: "" };
  const known = seen.get(query.id) ?? { name: "", link: "" };
  return answer ? { name: answer.query, link: answer.links?.thumbnail ?? known.link } : known;
}
