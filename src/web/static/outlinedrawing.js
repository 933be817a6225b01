// The outlines of what was found, drawn over the query, each with the number of its result.

import { boxOf, colour, inWhole, placesOfNumbers } from "./outline.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const NUMBER_PIXELS = 11;

/** Return a new element of a drawing. */
export function shape(name, attributes, text = "") {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

export class OutlineDrawing {
  /** Draw into an `svg` that covers an element as the `picture` does, which may be shown smaller than it. */
  constructor(drawing, picture) {
    Object.assign(this, { drawing, picture, results: [], crop: null });
    picture.addEventListener("load", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(drawing);
  }

  /** Draw the outlines of results, of those that have one; `crop` is the part of the query that was searched by. */
  show(results, crop) {
    this.results = results.filter((result) => result.outline);
    this.crop = crop ?? null;
    this.drawing.toggleAttribute("hidden", this.results.length === 0);
    this.draw();
  }

  draw() {
    if (!this.results.length || !this.picture.naturalWidth) {
      this.drawing.replaceChildren();
      return;
    }
    const own = this.drawing.getBoundingClientRect();
    const box = boxOf(this.picture);
    const onScreen = ([x, y]) => [box.left - own.left + x * box.width, box.top - own.top + y * box.height];
    const outlines = this.results.map(({ outline }) => outline.corners.map((corner) => inWhole(corner, this.crop)));
    const numbers = placesOfNumbers(outlines);
    const drawn = this.results.map(({ rank }, at) => {
      const group = shape("g", { class: "outline", "data-rank": rank });
      colour(group, rank);
      const points = outlines[at].map((corner) => onScreen(corner).map((place) => place.toFixed(1)).join()).join(" ");
      for (const kind of ["casing", "line"]) group.append(shape("polygon", { class: kind, points }));
      group.append(...this.numberAt(onScreen(numbers[at]), rank, own));
      return group;
    });
    this.drawing.replaceChildren(...drawn.reverse()); // The nearest lies on top.
    this.drawing.dispatchEvent(new Event("drawn", { bubbles: true }));
  }

  numberAt([x, y], rank, { width, height }) {
    const within = (value, most) => Math.min(Math.max(value, NUMBER_PIXELS + 2), most - NUMBER_PIXELS - 2);
    const place = { cx: within(x, width), cy: within(y, height) };
    const text = { x: place.cx, y: place.cy, "text-anchor": "middle", "dominant-baseline": "central" };
    return [shape("circle", { class: "badge", r: NUMBER_PIXELS, ...place }), shape("text", text, rank)];
  }
}
