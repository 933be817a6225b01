// Names and numbers, as people read them. Names are of strangers: they are only ever set as text.

// What would break a line or move the cursor has a picture of its own in Unicode.
function visible(letter) {
  return letter < " " ? String.fromCodePoint(0x2400 + letter.codePointAt(0)) : letter;
}

/** Show the name of a picture, a path: it is one text to select and to copy; its parts each have their own direction. */
export function showName(element, name) {
  const parts = name.split("/").map((part) => {
    const shown = document.createElement("bdi");
    shown.textContent = Array.from(part, visible).join("");
    return shown;
  });
  // A folder stands before what is in it, whatever letters they have.
  const path = document.createElement("bdi");
  path.dir = "ltr";
  path.append(...parts.flatMap((part, at) => (at ? ["/", part] : [part])));
  element.title = name;
  element.replaceChildren(path);
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
