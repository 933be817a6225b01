// The query or a result, large, with its whole name and the way to its file; from one to the next by arrows.

import { withField } from "./address.js";
import { $, tellGone } from "./elements.js";
import { percent, showName } from "./names.js";
import { pointsMatch } from "./outline.js";
import { OutlineDrawing } from "./outlinedrawing.js";

const dialog = $("large");
const picture = $("large-picture");
const SIZE = 1024; // The largest that the service makes.

function factsOf({ rank, similarity, distance, outline }) {
  if (rank === undefined) return "The query";
  const points = outline ? ` · ${pointsMatch(outline)}` : "";
  return `${rank} · similarity ${percent(similarity)} · distance ${distance.toFixed(4)}${points}`;
}

function setLink(link, address) {
  link.hidden = !address;
  if (address) link.href = address;
}

export class LargePicture {
  constructor() {
    this.pictures = [];
    this.at = 0;
    this.outlines = new OutlineDrawing($("large-outlines"), picture);
    $("large-previous").addEventListener("click", () => this.step(-1));
    $("large-next").addEventListener("click", () => this.step(1));
    $("close-large").addEventListener("click", () => this.close());
    dialog.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const isAlone = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
      if (by && isAlone) this.step(by);
    });
    picture.addEventListener("error", () => this.tellUnseen());
  }

  /**
   * Open the dialog for one of some pictures: each has an `id`, its `links`, and what is known of it as a result.
   * The outlines of the answer are drawn over the query, and over a result what of it is found again there.
   */
  open(pictures, at, answer) {
    Object.assign(this, { pictures, at, answer });
    this.show();
    dialog.showModal();
  }

  close() {
    if (dialog.open) dialog.close();
  }

  /** Go to another picture, round about. */
  step(by) {
    this.at = (this.at + by + this.pictures.length) % this.pictures.length;
    this.show();
  }

  show() {
    const shown = this.pictures[this.at];
    const { thumbnail, image, page } = shown.links;
    showName($("large-name"), shown.id);
    $("large-facts").textContent = factsOf(shown);
    $("large-stage").classList.remove("gone");
    const { results = [], crop } = this.answer ?? {};
    if (shown.rank === undefined) this.outlines.show(results, crop);
    else this.outlines.showOn(shown);
    picture.alt = shown.id;
    picture.removeAttribute("src"); // The one before would stand there until this one has come.
    picture.src = thumbnail.startsWith("blob:") ? thumbnail : withField(thumbnail, `size=${SIZE}`);
    setLink($("large-original"), image);
    setLink($("large-search"), page);
    for (const button of [$("large-previous"), $("large-next")]) button.hidden = this.pictures.length < 2;
  }

  tellUnseen() {
    tellGone($("large-stage"), "It cannot be shown");
  }
}
