// What was found: the nearest three large, further ones as tiles. Boxes have their size before pictures are there.

import { withField } from "./address.js";
import { $, copyOf, tellGone } from "./elements.js";
import { percent, showName } from "./names.js";
import { colour, pointsMatch } from "./outline.js";

const LARGE = 3;

/** Set a picture, sharp on dense screens too; where it cannot be shown, its stage says so. */
export function showPicture(stage, link, size, whenNot) {
  const img = stage.querySelector("img");
  img.addEventListener("error", () => tellGone(stage, whenNot));
  img.srcset = `${withField(link, `size=${size}`)} 1x, ${withField(link, `size=${Math.min(2 * size, 1024)}`)} 2x`;
}

export class ResultList {
  /** `onLarge(result)` is called when somebody wants to see it large, `onWhy(result)` to know why it was found. */
  constructor(onLarge, onWhy) {
    Object.assign(this, { onLarge, onWhy });
    this.shown = [];
  }

  /** Show results; those that are there already stay, so that nothing jumps or flickers. */
  show(results) {
    this.clearSkeletons();
    const known = this.shown.map((result) => `${result.id} ${result.distance}`);
    const isContinued = known.length > 0 && known.every((one, at) => results[at] && `${results[at].id} ${results[at].distance}` === one);
    if (!isContinued) this.clear();
    for (const [at, result] of results.entries()) {
      if (at >= this.shown.length) this.listAt(at).append(this.itemOf(result, at));
    }
    const first = isContinued ? this.shown.length : 0;
    this.shown = results;
    return first;
  }

  /** Show where results will be, until so many of them are there. */
  showSkeletons(count) {
    this.clearSkeletons();
    for (let at = this.shown.length; at < count; at += 1) {
      const item = this.newItem();
      item.classList.add("skeleton");
      item.setAttribute("aria-hidden", "true");
      item.querySelector("a").tabIndex = -1;
      item.querySelector(".numbers").replaceChildren();
      this.listAt(at).append(item);
    }
  }

  clear() {
    this.shown = [];
    $("nearest").replaceChildren();
    $("further").replaceChildren();
  }

  clearSkeletons() {
    for (const item of document.querySelectorAll(".result.skeleton")) item.remove();
  }

  /** Move the focus to a result. */
  focus(at) {
    this.listAt(at).children[at < LARGE ? at : at - LARGE]?.querySelector("a").focus();
  }

  listAt(at) {
    return at < LARGE ? $("nearest") : $("further");
  }

  newItem() {
    return copyOf("result-template").firstElementChild;
  }

  itemOf(result, at) {
    const item = this.newItem();
    item.dataset.rank = result.rank;
    const stage = item.querySelector(".stage");
    stage.href = result.links.page;
    stage.setAttribute("aria-label", `${result.id}, ${percent(result.similarity)} similar: search from it`);
    if (at >= LARGE) item.querySelector("img").loading = "lazy";
    if (result.gone) tellGone(stage, "The file is gone");
    else showPicture(stage, result.links.thumbnail, at < LARGE ? 512 : 256, "It cannot be shown");
    item.querySelector(".rank").textContent = at + 1;
    item.querySelector(".similarity").textContent = percent(result.similarity);
    colour(item, result.rank);
    item.classList.toggle("outlined", Boolean(result.outline));
    const points = result.outline ? ` · ${pointsMatch(result.outline)}` : "";
    item.querySelector(".distance").textContent = `distance ${result.distance.toFixed(4)}${points}`;
    item.querySelector(".bar div").style.width = `${100 * result.similarity}%`;
    showName(item.querySelector(".name"), result.id);
    const offers = { ".enlarge": ["Enlarge", this.onLarge], ".why": ["Why?", this.onWhy] };
    for (const [kind, [words, onClick]] of Object.entries(offers)) {
      const button = item.querySelector(kind);
      button.setAttribute("aria-label", `${words} ${result.id}`);
      button.hidden = result.gone;
      button.addEventListener("click", () => onClick(result));
    }
    return item;
  }
}
