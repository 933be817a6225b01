// The panel of the query: its picture, and the part of it that is searched by.

import { withField } from "./address.js";
import { $ } from "./elements.js";
import { showName } from "./names.js";
import { Rectangle, SIDES, legalPart } from "./rectangle.js";

const panel = $("query");
const frame = $("frame");
const picture = $("query-picture");
const form = $("part-form");

// What a person begins with who gives numbers, or opens the form: the middle of the picture.
const MIDDLE = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };
// As in search.css: the panel is above what was found, and must leave it in sight.
const isNarrow = matchMedia("(max-width: 58rem)");

export class QueryPanel {
  /** `onPart(part)` is called when another part, or null for the whole picture, is to be searched by. */
  constructor(onPart) {
    this.onPart = onPart;
    this.link = "";
    this.rectangle = new Rectangle(frame, $("part"), {
      mayDraw: (event) => this.isSeen && (event.pointerType !== "touch" || panel.classList.contains("choosing")),
      onChange: (part) => {
        this.open();
        this.fill(part);
      },
      onDone: (part) => (part ? onPart(part) : this.clear()),
    });
    picture.addEventListener("load", () => {
      this.fit();
      this.offer();
    });
    new ResizeObserver(() => this.isSeen && this.fit()).observe($("query-stage"));
    picture.addEventListener("error", () => {
      const isUpload = this.link.startsWith("blob:");
      this.tellUnseen(isUpload ? "This browser cannot show this file." : "This picture could not be loaded.");
    });
    $("choose-part").addEventListener("click", () => (form.hidden ? this.begin() : this.close()));
    $("whole").addEventListener("click", () => this.clear());
    form.addEventListener("input", () => this.preview());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const part = this.written();
      if (part) onPart(part);
    });
  }

  get isSeen() {
    return picture.naturalWidth > 0;
  }

  /** Show a query by its name and the link to its picture, both empty as long as they are not known. */
  show(name, link) {
    showName($("query-name"), name);
    picture.alt = `The query: ${name}`;
    // One that did not come may come now.
    if (link !== this.link || picture.hidden) {
      this.link = link;
      $("query-unseen").hidden = true;
      picture.hidden = false;
      if (link) picture.src = link.startsWith("blob:") ? link : withField(link, "size=1024");
      else picture.removeAttribute("src");
    }
    this.offer();
  }

  /** Show what part of the query is searched by, or null for all of it. */
  showPart(part) {
    this.rectangle.show(part);
    this.fill(part);
    $("whole").hidden = !part;
    const hadFocus = form.contains(document.activeElement);
    if (part && !isNarrow.matches) this.open();
    else this.close();
    if (hadFocus && form.hidden) $("choose-part").focus();
  }

  /** Offer what can be done with the picture as it is now. */
  offer() {
    const isSearched = !$("whole").hidden;
    $("enlarge-query").hidden = !this.link || picture.hidden;
    $("choose-part").hidden = !this.link || picture.hidden || (isSearched && !form.hidden);
    $("choose-part").textContent = isSearched ? "Change the part" : "Search by a part";
  }

  fit() {
    const { naturalWidth: width, naturalHeight: height } = picture;
    frame.style.aspectRatio = `${width} / ${height}`;
    const stage = $("query-stage");
    frame.classList.toggle("tall", width / height < stage.clientWidth / stage.clientHeight);
  }

  /** Say why there is no picture to see. */
  tellUnseen(text) {
    picture.hidden = true;
    $("query-unseen").hidden = false;
    $("query-unseen").textContent = text;
    this.offer(); // There is nothing to draw on.
  }

  begin() {
    const part = this.rectangle.part ?? MIDDLE;
    this.open();
    this.rectangle.show(part);
    this.fill(part);
    $("part").focus();
  }

  open() {
    form.hidden = false;
    panel.classList.add("choosing");
    $("choose-part").setAttribute("aria-expanded", "true");
    this.offer();
  }

  close() {
    form.hidden = true;
    panel.classList.remove("choosing");
    $("choose-part").setAttribute("aria-expanded", "false");
    if ($("whole").hidden) this.rectangle.show(null);
    this.offer();
  }

  clear() {
    const wasSearched = !$("whole").hidden;
    this.rectangle.show(null);
    $("whole").hidden = true;
    this.close();
    $("choose-part").focus();
    if (wasSearched) this.onPart(null);
  }

  fill(part) {
    for (const side of SIDES) {
      form.elements[side].value = part ? String(Number((100 * part[side]).toFixed(1))) : "";
    }
  }

  written() {
    if (!SIDES.every((side) => form.elements[side].value !== "")) return null;
    return legalPart(Object.fromEntries(SIDES.map((side) => [side, Number(form.elements[side].value) / 100])));
  }

  preview() {
    const part = this.written();
    if (part) this.rectangle.show(part);
  }
}
