// The proof that a result shows the very same thing: its outline in the query, and points that match, in both pictures.

import { withField } from "./address.js";
import { $ } from "./elements.js";
import { OutlineDrawing } from "./outlinedrawing.js";

const SIDES = ["query", "result"];

export class Proof {
  constructor() {
    this.pictures = SIDES.map((side) => $(`proof-${side}`));
    this.drawings = SIDES.map((side, at) => new OutlineDrawing($(`proof-${side}-outlines`), this.pictures[at]));
    // As high as each other, beside each other.
    for (const picture of this.pictures) picture.addEventListener("load", () => this.fit());
  }

  /** Whether the browser can show the query. */
  get isReady() {
    return $("query-picture").naturalWidth > 0;
  }

  /** Show it of a result with an outline; `crop` is the part of the query that was searched by. */
  show(result, crop) {
    const [query, found] = this.pictures;
    $("proof").hidden = false;
    query.src = $("query-picture").src;
    query.alt = `The query, with the outline of ${result.id}`;
    found.src = withField(result.links.thumbnail, "size=1024");
    found.alt = `${result.id}, with the points of it that the query shows`;
    this.drawings[0].show([result], crop, { hasPoints: true });
    this.drawings[1].showOn(result);
  }

  fit() {
    const ratios = this.pictures.map(({ naturalWidth, naturalHeight }) => naturalWidth / naturalHeight || 1);
    for (const [at, ratio] of ratios.entries()) this.pictures[at].closest("figure").style.flexGrow = ratio;
    $("explanation").style.setProperty("--ratio", ratios[0] + ratios[1]);
  }

  hide() {
    $("proof").hidden = true;
    for (const picture of this.pictures) picture.removeAttribute("src");
    for (const drawing of this.drawings) drawing.show([]);
  }
}
