// The elements of the page by their ids, and copies of its templates.

/** Return the element of an id. */
export const $ = (id) => document.getElementById(id);

/** Say in the stage of a picture why it is not to be seen. */
export function tellGone(stage, text) {
  stage.classList.add("gone");
  stage.dataset.gone = text;
}

/** Return a new copy of what a template holds. */
export const copyOf = (id) => $(id).content.cloneNode(true);
