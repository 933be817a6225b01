// A picture of a group, large; while a key or the button is held, another one is in its place.

import { $ } from "./elements.js";
import { showName } from "./names.js";
import { counterpart } from "./reviewcards.js";
import { SPARE } from "./reviewmarks.js";
import { facts, markWords } from "./reviewwords.js";

const dialog = $("viewer");
const SIZE = 1024; // The largest that the service makes; all of a group have the same frame, so they can be flipped.

/** The dialog with a large picture. `onMark(group, place, mark)` is called for its buttons. */
export class Viewer {
  #group = null;
  #place = 0;
  #onMark;
  #onClose;

  constructor(review, onMark, onClose) {
    this.#onMark = onMark;
    this.#onClose = onClose;
    $("previous").onclick = () => this.step(-1);
    $("next").onclick = () => this.step(1);
    $("close-viewer").onclick = () => dialog.close();
    for (const button of $("viewer-marks").children) {
      button.onclick = () => this.#onMark(this.#group, this.#place, button.dataset.mark);
    }
    const compare = $("compare");
    compare.onpointerdown = (event) => {
      compare.setPointerCapture(event.pointerId);
      this.compare(true);
    };
    compare.onpointerup = compare.onpointercancel = () => this.compare(false);
    // A long press would open a menu.
    compare.oncontextmenu = (event) => event.preventDefault();
    compare.onkeydown = (event) => ["Enter", " "].includes(event.key) && !event.repeat && this.compare(true);
    compare.onkeyup = () => this.compare(false);
    compare.onblur = () => this.compare(false);
    dialog.onclose = () => {
      this.compare(false);
      this.#onClose(this.#group, this.#place);
    };
    review.addEventListener("change", () => dialog.open && this.#showMarks());
  }

  get isOpen() {
    return dialog.open;
  }

  /** The group and the place of what is shown. */
  get current() {
    return { group: this.#group, place: this.#place };
  }

  open(group, place) {
    this.#group = group;
    this.#place = place;
    this.#show();
    if (!dialog.open) dialog.showModal();
  }

  close() {
    dialog.close();
  }

  /** Go to another picture of the group, round about. */
  step(by) {
    const { places } = this.#group;
    const at = places.indexOf(this.#place) + by;
    this.#place = places[(at + places.length) % places.length];
    this.#show();
  }

  /** Swap the picture for the one that it is compared with, or back. */
  compare(isOther) {
    $("viewer-other").hidden = !isOther;
    $("viewer-picture").hidden = isOther;
    $("compare").setAttribute("aria-pressed", String(isOther));
    if (dialog.open) this.#tell(isOther ? counterpart(this.#group, this.#place) : this.#place);
  }

  #show() {
    const picture = this.#group.pictures[this.#place];
    const other = this.#group.pictures[counterpart(this.#group, this.#place)];
    load($("viewer-picture"), picture);
    load($("viewer-other"), other);
    $("original").href = picture.links.image;
    this.compare(false);
    this.#showMarks();
  }

  #tell(place) {
    const picture = this.#group.pictures[place];
    showName($("viewer-name"), picture.id);
    $("viewer-facts").textContent = facts(picture);
    const mark = this.#group.shown[place];
    $("viewer-stage").dataset.mark = mark;
    $("viewer-stage").parentElement.classList.toggle("decided", this.#group.isDecided);
    $("viewer-mark").textContent = markWords(mark, this.#group.isDecided);
  }

  #showMarks() {
    const { shown, isDecided, pictures } = this.#group;
    for (const button of $("viewer-marks").children) {
      const isMark = isDecided && button.dataset.mark === shown[this.#place];
      button.setAttribute("aria-pressed", String(isMark));
      button.disabled = button.dataset.mark === SPARE && pictures[this.#place].protected;
    }
    this.#tell(this.#place);
    load($("viewer-other"), pictures[counterpart(this.#group, this.#place)]);
  }
}

function load(image, picture) {
  const address = `${picture.links.thumbnail}?size=${SIZE}`;
  image.alt = picture.id;
  // The one before would stand there until this one has come.
  if (image.getAttribute("src") !== address) image.src = address;
}
