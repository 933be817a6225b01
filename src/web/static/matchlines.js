// What is pointed at, a result or its outline: the other one is shown with it, and lines join what matches in both.

import { $ } from "./elements.js";
import { boxOf, colour, inWhole } from "./outline.js";
import { shape } from "./outlinedrawing.js";

// Answers have the points in an order in which the first ones are far apart.
const MOST_LINES = 12;
const POINT_PIXELS = 3.5;

// Lines to what is not on the screen would lead over all that is. At least the middle of a picture must be.
function isInView(picture) {
  if (!picture?.naturalWidth) return false;
  const { top, height } = boxOf(picture);
  return top + height / 2 > 0 && top + height / 2 < innerHeight;
}

export class MatchLines {
  /** Draw into an `svg` that covers the window. */
  constructor(drawing) {
    Object.assign(this, { drawing, results: [], crop: null, rank: undefined });
    const markAt = (target) => this.mark(target.closest?.(".result[data-rank], .outline")?.dataset.rank);
    document.addEventListener("pointerover", ({ target }) => markAt(target));
    // Whoever comes by keyboard; a tap moves the focus, too, but not to what was tapped on.
    document.addEventListener("focusin", ({ target }) => target.matches?.(":focus-visible") && markAt(target));
    // A finger leaves with every tap, and somebody looks at what was tapped on.
    document.documentElement.addEventListener("pointerleave", ({ pointerType }) => pointerType === "touch" || this.mark(undefined));
    document.addEventListener("click", (event) => this.goTo(event));
    // Pictures may come, and outlines be drawn, after somebody has pointed there.
    for (const event of ["scroll", "resize", "load", "drawn"]) {
      addEventListener(event, () => this.showSoon(), { capture: true, passive: true });
    }
  }

  /** Be ready for other results; `crop` is the part of the query that was searched by. */
  show(results, crop) {
    Object.assign(this, { results, crop: crop ?? null, rank: undefined });
    this.showMarked();
  }

  /** Mark the result of a rank and its outline, or none. */
  mark(rank) {
    if (rank === this.rank) return;
    this.rank = rank;
    this.showMarked();
  }

  /** Bring the result into view whose outline was clicked or tapped on. */
  goTo({ target, clientX, clientY }) {
    if (!target.closest?.("#frame")) return;
    // The frame holds the pointer while one draws on it, and gets the click.
    const outline = document.elementsFromPoint(clientX, clientY).map((one) => one.closest(".outline")).find(Boolean);
    if (!outline) return;
    this.mark(outline.dataset.rank);
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    document.querySelector(`.result[data-rank="${this.rank}"]`)?.scrollIntoView({ block: "nearest", behavior });
  }

  showSoon() {
    cancelAnimationFrame(this.next);
    if (this.rank !== undefined) this.next = requestAnimationFrame(() => this.showMarked());
  }

  showMarked() {
    const isMarked = this.results.some((one) => String(one.rank) === this.rank && one.outline);
    document.body.classList.toggle("marking", isMarked);
    for (const one of document.querySelectorAll("[data-rank]")) {
      one.classList.toggle("marked", isMarked && one.dataset.rank === this.rank);
    }
    this.draw();
  }

  draw() {
    const result = this.results.find((one) => String(one.rank) === this.rank);
    const picture = document.querySelector(`.result[data-rank="${this.rank}"] img`);
    const query = $("query-picture");
    if (!result?.outline || !isInView(query) || !isInView(picture)) {
      this.drawing.replaceChildren();
      return;
    }
    colour(this.drawing, result.rank);
    this.drawing.replaceChildren(...this.linesOf(result.outline.points, boxOf(query), boxOf(picture)));
  }

  linesOf(points, ofQuery, ofResult) {
    const at = (box, [x, y]) => [box.left + x * box.width, box.top + y * box.height];
    const ends = points.slice(0, MOST_LINES).map(({ query, result }) => [at(ofQuery, inWhole(query, this.crop)), at(ofResult, result)]);
    const drawn = (name) => ends.map(([[x1, y1], [x2, y2]]) => shape("line", { class: name, x1, y1, x2, y2 }));
    return [...drawn("casing"), ...drawn("line"), ...ends.flat().map(([cx, cy]) => shape("circle", { cx, cy, r: POINT_PIXELS }))];
  }
}
