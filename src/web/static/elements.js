// The elements of the page by their ids, and copies of its templates.

/** Return the element of an id. */
export const $ = (id) => document.getElementById(id);

/** Return a new copy of what a template holds. */
export const copyOf = (id) => $(id).content.cloneNode(true);
