// Names and numbers, as people read them. Names are of strangers: they are only ever set as text.

const END = 9;

// What would break a line or move the cursor has a picture of its own in Unicode.
function visible(letter) {
  return letter < " " ? String.fromCodePoint(0x2400 + letter.codePointAt(0)) : letter;
}

/** Show a name whose middle gives way if it is too long for its place. */
export function showName(element, name) {
  const letters = Array.from(name, visible);
  const begin = document.createElement("bdi");
  const end = document.createElement("bdi");
  begin.className = "begin";
  end.className = "end";
  begin.textContent = letters.slice(0, -END).join("");
  end.textContent = letters.slice(-END).join("");
  element.title = name;
  element.replaceChildren(begin, end);
}

/** Return a similarity from 0 to 1 in percent; 100 % is said of distance 0 alone. */
export function percent(similarity) {
  const text = (100 * similarity).toFixed(1);
  if (similarity >= 1) return "100 %";
  return `${text === "100.0" ? "99.9" : text} %`;
}

/** Return a count with its noun. */
export function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
