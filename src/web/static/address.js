// What an address of the page asks for, and the address of what is asked.
//
// An id may hold any bytes, so it stays as the service has written it into a link: it is never decoded, nor encoded.

function fieldsOf(search) {
  const fields = new Map();
  for (const field of search.replace(/^\?/, "").split("&")) {
    const at = field.indexOf("=");
    if (at > 0) fields.set(field.slice(0, at), field.slice(at + 1));
  }
  return fields;
}

function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return "";
  }
}

function partOf(text) {
  const numbers = decoded(text).split(",").map((number) => (number.trim() === "" ? NaN : Number(number)));
  if (numbers.length !== 4 || !numbers.every((number) => number >= 0 && number <= 1)) return null;
  const [left, top, width, height] = numbers;
  return width > 0 && height > 0 ? { left, top, width, height } : null;
}

/** Return what an address asks for: `id` or `upload` or neither; `part` and `within` (a distance) or null. */
export function queryOf(search) {
  const fields = fieldsOf(search);
  const within = fields.has("max_distance") ? Number(decoded(fields.get("max_distance")) || NaN) : NaN;
  return {
    id: fields.get("id") ?? null,
    upload: fields.get("upload") ?? null,
    part: fields.has("crop") ? partOf(fields.get("crop")) : null,
    within: within >= 0 && Number.isFinite(within) ? within : null,
  };
}

/** Return the fields that the service and the page's own address share: the part and the largest distance. */
export function fieldsFor({ part, within }) {
  const fields = [];
  if (part) {
    const numbers = [part.left, part.top, part.width, part.height];
    fields.push(`crop=${numbers.map((number) => Number(number.toFixed(4))).join(",")}`);
  }
  if (within !== null) fields.push(`max_distance=${within}`);
  return fields;
}

/** Return the address of the page that asks for this. */
export function addressOf(query) {
  const fields = fieldsFor(query);
  if (query.id !== null) fields.unshift(`id=${query.id}`);
  else if (query.upload !== null) fields.unshift(`upload=${query.upload}`);
  else return "/";
  return `/?${fields.join("&")}`;
}

/** Return the id in a link of the service, as it is written there. */
export function idIn(link) {
  return fieldsOf(new URL(link, location.href).search).get("id") ?? null;
}

/** Return a link of the service with one more field. */
export function withField(link, field) {
  return `${link}${link.includes("?") ? "&" : "?"}${field}`;
}
