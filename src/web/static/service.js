// What the page asks the service for. What goes wrong is a Problem, whoever is to blame.

import { fieldsFor } from "./address.js";
import { send } from "./sending.js";

/** What went wrong: `status` of HTTP, 0 if there was no answer; `detail` as the service told it; seconds to wait. */
export class Problem extends Error {
  constructor(status, detail, wait = 0) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.wait = wait;
  }
}

async function problemIn(response) {
  let detail = "";
  try {
    detail = String((await response.json()).detail ?? "");
  } catch {
    // A proxy in between may answer in its own way.
  }
  return new Problem(response.status, detail, Number(response.headers.get("Retry-After")) || 0);
}

async function responseOf(asked, signal) {
  let response;
  try {
    response = await asked;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, "");
  }
  if (!response.ok) throw await problemIn(response);
  return response;
}

function ask(address, options = {}) {
  return responseOf(fetch(address, options), options.signal);
}

// An upload goes as a form, a picture of the index by its id.
function asking(path, query, upload, fields, signal, onSent = () => {}) {
  const all = [...fieldsFor(query), ...fields];
  if (!upload) return ask(`${path}?id=${query.id}&${all.join("&")}`, { signal });
  const form = new FormData();
  form.append("image", upload.blob, upload.name);
  return responseOf(send(`${path}?${all.join("&")}`, form, signal, onSent), signal);
}

/**
 * Return the answer to a query; a picture of the index, which would find itself, is left out. Where results are similar
 * takes longer to find: see `placesOf`.
 * `onSent(bytes, total)` is called while an upload is sent.
 */
export async function search(query, upload, limit, signal, onSent) {
  const fields = [`limit=${limit}`, "explain=true", "places=false", ...(upload ? [] : ["others=true"])];
  const response = await asking("/api/search", query, upload, fields, signal, onSent);
  return (await response.json()).answers[0];
}

/** Return the picture, a Blob, of why a result was found; `resultId` is as a link holds it. */
export async function explain(query, upload, resultId, signal) {
  return (await asking("/api/explanation", query, upload, [`result=${resultId}`], signal)).blob();
}

/** Return where a result and the query are similar, by network; null or nothing where that is not known. */
export async function placesOf(query, upload, resultId, signal) {
  return (await (await asking("/api/places", query, upload, [`result=${resultId}`], signal)).json()).places;
}

/** Return how the service is, and what it serves. */
export async function health() {
  return (await ask("/api/health")).json();
}

/** Return a page of the pictures of the index. */
export async function images(offset, limit) {
  return (await ask(`/api/images?offset=${offset}&limit=${limit}`)).json();
}

/** Return a page of the groups of duplicates. */
export async function duplicates(offset, limit) {
  return (await ask(`/api/duplicates?offset=${offset}&limit=${limit}`)).json();
}

/** Begin a session, which pictures of the page need too. */
export async function beginSession(token) {
  await ask("/api/session", { method: "POST", headers: { Authorization: `Bearer ${token}` } });
}
