// Some pictures of the index to start from, from all over it, others each time.

import { $, copyOf } from "./elements.js";
import { showPicture } from "./resultlist.js";
import { images } from "./service.js";

const MOST = 12;

function newItem() {
  return copyOf("sample-template").firstElementChild;
}

function showWaiting(count) {
  const items = Array.from({ length: count }, newItem);
  for (const item of items) item.classList.add("skeleton");
  $("sample-list").replaceChildren(...items);
}

function itemOf(image) {
  const item = newItem();
  const stage = item.querySelector(".stage");
  stage.href = image.links.page;
  stage.title = image.id;
  stage.setAttribute("aria-label", `Search from ${image.id}`);
  showPicture(stage, image.links.thumbnail, 256, "");
  // What is gone, or cannot be shown, is nothing to start from.
  item.querySelector("img").addEventListener("error", () => item.remove());
  return item;
}

/** Show pictures of an index of so many, one from each stretch of it. */
export async function showSamples(total) {
  const count = Math.min(total, MOST);
  $("samples").hidden = total === 0;
  $("empty-index").hidden = total > 0;
  $("other-samples").hidden = total <= MOST;
  showWaiting(count);
  const stretch = total / count;
  const offsets = Array.from({ length: count }, (_, at) => Math.floor((at + Math.random()) * stretch));
  const pages = await Promise.all(offsets.map((offset) => images(offset, 1)));
  $("sample-list").replaceChildren(...pages.flatMap((page) => page.images.map(itemOf)));
}
