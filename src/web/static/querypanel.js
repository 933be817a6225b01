// The panel of the query: its picture, and the part of it that is searched by.

import { withField } from "./address.js";
import { $ } from "./elements.js";
import { showName } from "./names.js";
import { Rectangle, legalPart } from "./rectangle.js";

const panel = $("query");
const frame = $("frame");
const picture = $("query-picture");
const form = $("part-form");

// What a person begins with who gives numbers, or opens the form: the middle of the picture.
const MIDDLE = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };

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
    picture.addEventListener("load", () => this.fit());
    new ResizeObserver(() => this.isSeen && this.fit()).observe($("query-stage"));
    picture.addEventListener("error", () => this.tellUnseen());
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
    if (link !== this.link) {
      this.link = link;
      $("query-unseen").hidden = true;
      picture.hidden = false;
      if (link) picture.src = link.startsWith("blob:") ? link : withField(link, "size=1024");
      else picture.removeAttribute("src");
    }
  }

  /** Show what part of the query is searched by, or null for all of it. */
  showPart(part) {
    this.rectangle.show(part);
    this.fill(part);
    $("whole").hidden = !part;
    $("choose-part").hidden = Boolean(part) || picture.hidden;
    if (part) this.open();
    else this.close();
  }

  fit() {
    const { naturalWidth: width, naturalHeight: height } = picture;
    frame.style.aspectRatio = `${width} / ${height}`;
    const stage = $("query-stage");
    frame.classList.toggle("tall", width / height < stage.clientWidth / stage.clientHeight);
  }

  tellUnseen() {
    picture.hidden = true;
    $("query-unseen").hidden = false;
    $("query-unseen").textContent = this.link.startsWith("blob:")
      ? "This browser cannot show this file."
      : "This picture is gone, or cannot be shown.";
    $("choose-part").hidden = true; // There is nothing to draw on.
  }

  begin() {
    this.open();
    this.rectangle.show(MIDDLE);
    this.fill(MIDDLE);
    $("part").focus();
  }

  open() {
    form.hidden = false;
    panel.classList.add("choosing");
    $("choose-part").setAttribute("aria-expanded", "true");
  }

  close() {
    form.hidden = true;
    panel.classList.remove("choosing");
    $("choose-part").setAttribute("aria-expanded", "false");
    if ($("whole").hidden) this.rectangle.show(null);
  }

  clear() {
    const wasSearched = !$("whole").hidden;
    this.rectangle.show(null);
    this.close();
    $("choose-part").hidden = false;
    $("choose-part").focus();
    if (wasSearched) this.onPart(null);
  }

  fill(part) {
    for (const side of ["left", "top", "width", "height"]) {
      form.elements[side].value = part ? String(Number((100 * part[side]).toFixed(1))) : "";
    }
  }

  written() {
    const sides = ["left", "top", "width", "height"];
    if (!sides.every((side) => form.elements[side].value !== "")) return null;
    return legalPart(Object.fromEntries(sides.map((side) => [side, Number(form.elements[side].value) / 100])));
  }

  preview() {
    const part = this.written();
    if (part) this.rectangle.show(part);
  }
}
