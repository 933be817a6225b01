// Groups of duplicates as cards, side by side: made as somebody comes near them, below those that are there.

import { $, copyOf, tellGone } from "./elements.js";
import { counted, showName } from "./names.js";
import { KEEP, SPARE } from "./reviewmarks.js";
import { diskWords, facts, kindWords, markWords } from "./reviewwords.js";

// So many groups are made at once, while the end of the page is nearer than this.
const STEP = 20;
const MARGIN = 1600; // pixels
// Of a group of thousands, the first ones are shown; the others are marked with it all the same.
const MOST_PICTURES = 60;

/** The list of groups. `onChoose(group, place, what)` is called for each button of a card. */
export class GroupList {
  #list = $("groups");
  #review;
  #onChoose;
  #made = 0;
  #items = new Map(); // By group.

  constructor(review, onChoose) {
    this.#review = review;
    this.#onChoose = onChoose;
    const near = new IntersectionObserver(([end]) => end.isIntersecting && this.makeMore(), { rootMargin: `${MARGIN}px` });
    near.observe($("more"));
    // An observer tells of changes only: while there is room, the next ones are made when these are laid out.
    new ResizeObserver(() => this.fill()).observe(this.#list);
    review.addEventListener("change", (event) => event.detail.forEach((group) => this.#update(group)));
  }

  /** Take all groups away. */
  clear() {
    this.#list.replaceChildren();
    this.#items.clear();
    this.#made = 0;
  }

  /** Make groups if the end of those that are there is near. */
  fill() {
    if ($("more").getBoundingClientRect().top < innerHeight + MARGIN) this.makeMore();
  }

  /** Make some more groups, at least as far as a place. */
  makeMore(place = 0) {
    const { groups } = this.#review;
    const end = Math.min(groups.length, Math.max(this.#made + STEP, place + 1));
    const items = groups.slice(this.#made, end).map((group, number) => this.#make(group, this.#made + number + 1));
    this.#made = Math.max(this.#made, end);
    this.#list.append(...items);
    // What stands below is not seen to move.
    $("more").classList.toggle("early", this.#made < groups.length);
    return items.length > 0;
  }

  /** The group and the place of the picture that has the focus; null if there is none. */
  focused() {
    const item = document.activeElement?.closest(".group");
    if (!item) return null;
    const group = this.#review.groups[Number(item.dataset.number) - 1];
    const picture = document.activeElement.closest(".picture");
    return { group, place: picture ? Number(picture.dataset.place) : group.places[0] };
  }

  /** Give the focus to a picture of a group. */
  focus(group, place = group.places[0]) {
    const number = this.#review.groups.indexOf(group);
    if (!this.#items.has(group)) this.makeMore(number);
    const item = this.#items.get(group);
    const pictures = item?.querySelectorAll(".picture .stage");
    const wanted = item?.querySelector(`.picture[data-place="${place}"] .stage`) ?? pictures?.[0];
    if (!wanted) return;
    wanted.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  /** The group below another one, or above it; the one after or before it if there is none. */
  beside(group, isBelow) {
    const { groups } = this.#review;
    const at = groups.indexOf(group);
    if (isBelow) this.makeMore(at + STEP);
    const here = this.#items.get(group).getBoundingClientRect();
    const others = isBelow ? groups.slice(at + 1, at + STEP) : groups.slice(Math.max(0, at - STEP), at).reverse();
    const middle = here.left + Math.min(here.width, 100) / 2;
    const found = others.find((one) => {
      const there = this.#items.get(one).getBoundingClientRect();
      const isNext = isBelow ? there.top >= here.bottom : there.bottom <= here.top;
      return isNext && there.left <= middle && middle <= there.right;
    });
    return found ?? others[0];
  }

  #make(group, number) {
    const item = copyOf("group-template").firstElementChild;
    item.dataset.number = number;
    const title = item.querySelector("h2");
    title.id = `group-${number}`;
    item.firstElementChild.setAttribute("aria-labelledby", title.id);
    const kind = kindWords(group.kind);
    title.textContent = `${number.toLocaleString("en")} · ${kind[0].toUpperCase()}${kind.slice(1)}`;
    item.querySelector(".accept").onclick = () => this.#onChoose(group, null, "accept");
    item.querySelector(".none").onclick = () => this.#onChoose(group, null, "none");
    // The same file never is another picture.
    item.querySelector(".none").hidden = group.kind === "file";
    const { places } = group;
    item.classList.toggle("large", places.length > 2);
    const pictures = places.slice(0, MOST_PICTURES).map((place) => this.#picture(group, place));
    item.querySelector(".pictures").append(...pictures);
    if (places.length > MOST_PICTURES) {
      const more = document.createElement("li");
      more.className = "dim";
      more.textContent = `and ${counted(places.length - MOST_PICTURES, "picture")} more`;
      item.querySelector(".pictures").append(more);
    }
    this.#items.set(group, item);
    this.#update(group);
    return item;
  }

  #picture(group, place) {
    const picture = group.pictures[place];
    const item = copyOf("picture-template").firstElementChild;
    item.dataset.place = place;
    const stage = item.querySelector(".stage");
    stage.setAttribute("aria-label", `Show ${picture.id} large`);
    stage.onclick = () => this.#onChoose(group, place, "show");
    const image = stage.querySelector("img");
    image.onerror = () => tellGone(stage, "This picture cannot be shown");
    image.src = `${picture.links.thumbnail}?size=512`;
    showName(item.querySelector(".name"), picture.id);
    item.querySelector(".facts").textContent = facts(picture);
    const marks = item.querySelector(".marks");
    marks.setAttribute("aria-label", `What becomes of ${picture.id}`);
    for (const button of marks.children) {
      button.onclick = () => this.#onChoose(group, place, button.dataset.mark);
      button.disabled = button.dataset.mark === SPARE && picture.protected;
    }
    return item;
  }

  /** Show the marks of a group. */
  #update(group) {
    const item = this.#items.get(group);
    if (!item) return;
    const { shown, isDecided } = group;
    item.classList.toggle("decided", isDecided);
    const spares = group.marked(SPARE).length;
    const what = spares ? `${counted(spares, "spare")}, ${diskWords(group.won())}` : "no spares";
    item.querySelector(".what").textContent = isDecided ? `decided: ${what}` : what;
    const accept = item.querySelector(".accept");
    accept.textContent = isDecided ? "Leave open" : "Accept";
    for (const picture of item.querySelectorAll(".picture")) {
      const mark = shown[Number(picture.dataset.place)];
      picture.dataset.mark = mark;
      picture.querySelector(".mark").textContent = markWords(mark, isDecided);
      // What is only proposed is not pressed yet.
      for (const button of picture.querySelectorAll("[data-mark]:is(button)")) {
        button.setAttribute("aria-pressed", String(isDecided && button.dataset.mark === mark));
      }
    }
  }
}

/** The place of the picture that another one is compared with: the first that is kept, or else another one. */
export function counterpart(group, place) {
  const places = group.places.filter((one) => one !== place);
  return places.find((one) => group.shown[one] === KEEP) ?? places[0];
}
