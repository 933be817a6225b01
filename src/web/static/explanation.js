// Why a result was found: the picture of it, and the same in words for those who do not see it.

import { idIn } from "./address.js";
import { $ } from "./elements.js";
import { showName } from "./names.js";
import { wordsFor } from "./notices.js";
import { reasonsFor } from "./reasons.js";
import { Proof } from "./proof.js";
import { explain, placesOf } from "./service.js";

const dialog = $("explanation");
const stage = $("explanation-stage");
const zoom = $("explanation-zoom");
const picture = $("explanation-picture");

export class ExplanationDialog {
  /** `onRefused(problem)` is called if the service asks who it is. */
  constructor(onRefused) {
    this.onRefused = onRefused;
    this.proof = new Proof();
    $("close-explanation").addEventListener("click", () => this.close());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) this.close();
    });
    dialog.addEventListener("close", () => this.forget());
    // All of the dialog is in sight, and as large as it then can be.
    picture.addEventListener("load", () => dialog.style.setProperty("--ratio", picture.naturalWidth / picture.naturalHeight));
    zoom.addEventListener("click", (event) => this.enlarge(!this.isLarge, event));
  }

  get isLarge() {
    return zoom.getAttribute("aria-pressed") === "true";
  }

  /** Show the picture so large that its smallest letters can be read, with what was pointed at in the middle; or all of it. */
  enlarge(isLarge, { offsetX = 0, offsetY = 0, detail = 0 } = {}) {
    const { clientWidth: width, clientHeight: height } = picture;
    const factor = Math.max(picture.naturalWidth / width, 1.5);
    zoom.setAttribute("aria-pressed", String(isLarge));
    zoom.style.width = isLarge ? `${factor * width}px` : "";
    stage.classList.toggle("enlarged", isLarge);
    const [x, y] = detail > 0 ? [offsetX, offsetY] : [width / 2, height / 2]; // By keyboard there is no point.
    if (isLarge) stage.scrollTo(factor * x - stage.clientWidth / 2, factor * y - stage.clientHeight / 2);
  }

  close() {
    if (dialog.open) dialog.close();
  }

  /** Open the dialog for one result of a query; `crop` is the part of it that was searched by, as the answer tells it. */
  async open(query, upload, result, crop) {
    this.forget();
    const asked = (this.asked = new AbortController());
    showName($("explanation-name"), result.id);
    this.tell(result, crop);
    if (result.outline && this.proof.isReady) {
      this.proof.show(result, crop);
      stage.hidden = $("explanation-hint").hidden = true;
      dialog.showModal();
      return;
    }
    dialog.classList.add("skeleton");
    dialog.showModal();
    const about = [query, upload, idIn(result.links.search), asked.signal];
    try {
      const places = $("main").dataset.places === "true" && !result.outline ? placesOf(...about).catch(() => null) : null;
      const made = await explain(...about);
      if (asked.signal.aborted) return;
      this.link = URL.createObjectURL(made);
      picture.alt = `The query and ${result.id} beside each other, and what matches and what differs between them`;
      picture.src = this.link;
      dialog.classList.remove("skeleton");
      const told = await places;
      if (told && !asked.signal.aborted) this.tell({ ...result, places: told }, crop);
    } catch (problem) {
      if (asked.signal.aborted) return;
      if (problem.status === 401) this.onRefused(problem);
      const { title, text } = wordsFor(problem);
      $("explanation-text").textContent = `${title}. ${text}`;
      stage.hidden = true;
    }
    dialog.classList.remove("skeleton");
  }

  tell(result, crop) {
    $("explanation-text").textContent = reasonsFor(result, crop);
  }

  forget() {
    this.asked?.abort();
    if (this.link) URL.revokeObjectURL(this.link);
    this.link = null;
    picture.removeAttribute("src");
    picture.alt = "";
    stage.hidden = $("explanation-hint").hidden = false;
    this.proof.hide();
    dialog.classList.remove("skeleton");
    this.enlarge(false);
  }
}
