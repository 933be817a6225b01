// The outlines of what was found, drawn over the query, each with the number of its result; and the other side of each.

import { boxOf, colour, inWhole, placesOfNumbers } from "./outline.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const NUMBER_PIXELS = 11;
const POINT_PIXELS = 4;
// The outline of a result on itself, so far within it that all of the line is seen.
const WHOLE = [[0.004, 0.004], [0.996, 0.004], [0.996, 0.996], [0.004, 0.996]];

const between = (value, low, high) => Math.min(Math.max(value, low), high);

/** Return a new element of a drawing. */
export function shape(name, attributes, text = "") {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function pointAt([cx, cy]) {
  return shape("circle", { class: "point", cx, cy, r: POINT_PIXELS });
}

function numberAt([x, y], rank, { left, top, width, height }) {
  const edge = NUMBER_PIXELS + 2;
  const place = { cx: between(x, left + edge, left + width - edge), cy: between(y, top + edge, top + height - edge) };
  const text = { x: place.cx, y: place.cy, "text-anchor": "middle", "dominant-baseline": "central" };
  return [shape("circle", { class: "badge", r: NUMBER_PIXELS, ...place }), shape("text", text, rank)];
}

export class OutlineDrawing {
  /** Draw into an `svg` that covers an element as the `picture` does, which may be shown smaller than it. */
  constructor(drawing, picture) {
    Object.assign(this, { drawing, picture, results: [], crop: null, isResult: false, hasPoints: false });
    picture.addEventListener("load", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(drawing);
  }

  /** Draw the outlines of results, of those that have one; `crop` is the part of the query that was searched by. */
  show(results, crop, { hasPoints = false } = {}) {
    Object.assign(this, { crop: crop ?? null, isResult: false, hasPoints });
    this.take(results);
  }

  /** Draw a frame on the picture of a result that has an outline, and the points that match. */
  showOn(result) {
    Object.assign(this, { crop: null, isResult: true, hasPoints: true });
    this.take([result]);
  }

  take(results) {
    this.results = results.filter((result) => result.outline);
    this.drawing.toggleAttribute("hidden", this.results.length === 0);
    this.draw();
  }

  draw() {
    if (!this.results.length || !this.picture.naturalWidth) {
      this.drawing.replaceChildren();
      return;
    }
    const own = this.drawing.getBoundingClientRect();
    const { left, top, width, height } = boxOf(this.picture);
    const box = { left: left - own.left, top: top - own.top, width, height };
    const onScreen = ([x, y]) => [box.left + x * box.width, box.top + y * box.height];
    const outlines = this.results.map(({ outline }) => this.isResult ? WHOLE : outline.corners.map((corner) => inWhole(corner, this.crop)));
    const numbers = placesOfNumbers(outlines);
    const drawn = this.results.map(({ rank, outline }, at) => {
      const group = shape("g", { class: "outline", "data-rank": rank });
      colour(group, rank);
      const points = outlines[at].map((corner) => onScreen(corner).map((place) => place.toFixed(1)).join()).join(" ");
      for (const kind of ["casing", "line"]) group.append(shape("polygon", { class: kind, points }));
      if (this.hasPoints) group.append(...this.pointsOf(outline).map((point) => pointAt(onScreen(point))));
      group.append(...numberAt(onScreen(numbers[at]), rank, box));
      return group;
    });
    // What lies outside of the picture is not drawn beside it.
    const sides = [box.top, own.width - box.left - box.width, own.height - box.top - box.height, box.left];
    this.drawing.style.clipPath = `inset(${sides.map((side) => `${side.toFixed(1)}px`).join(" ")})`;
    this.drawing.replaceChildren(...drawn.reverse()); // The nearest lies on top.
    this.drawing.dispatchEvent(new Event("drawn", { bubbles: true }));
  }

  pointsOf({ points }) {
    return points.map(({ query, result }) => (this.isResult ? result : inWhole(query, this.crop)));
  }
}
