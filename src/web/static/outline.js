// Where the picture of a result lies in the query, and where both are on the screen.

import { counted } from "./names.js";

// As viewing/palette.py has them: of the results, by their ranks, also for whoever cannot tell red from green.
const COLOURS = ["#40d6e6", "#ff9630", "#f082eb", "#fae860", "#5c9eff", "#84e068", "#ff707a", "#ececec", "#966cd6"];
// Pictures that are found at the same place say so at different corners, as far apart as this share of the query.
const APART = 0.08;
// What covers more of the query than this is said to fill it, and not to be in its centre.
const FILLED = 0.75;

/** Give an element the colour of a result. */
export function colour(element, rank) {
  element.style.setProperty("--own", COLOURS[(rank - 1) % COLOURS.length]);
}

/** Return a point of what was searched by, in shares, as a point of the whole query. */
export function inWhole([x, y], crop) {
  if (!crop) return [x, y];
  return [(crop.left + x * crop.width) / crop.of_width, (crop.top + y * crop.height) / crop.of_height];
}

/** Return the box that a picture fills which is shown whole in the middle of an element: in pixels of the window. */
export function boxOf(picture) {
  const { left, top, width, height } = picture.getBoundingClientRect();
  const { naturalWidth, naturalHeight } = picture;
  if (!naturalWidth || getComputedStyle(picture).objectFit !== "contain") return { left, top, width, height };
  const scale = Math.min(width / naturalWidth, height / naturalHeight);
  const [wide, tall] = [scale * naturalWidth, scale * naturalHeight];
  return { left: left + (width - wide) / 2, top: top + (height - tall) / 2, width: wide, height: tall };
}

function onPicture([x, y]) {
  return [Math.min(Math.max(x, 0), 1), Math.min(Math.max(y, 0), 1)];
}

/** Return a place for the number of each outline: a corner of it, on the picture, that no other number is near. */
export function placesOfNumbers(outlines) {
  const taken = [];
  for (const corners of outlines) {
    const places = corners.map(onPicture);
    const isFree = ([x, y]) => taken.every(([otherX, otherY]) => Math.hypot(x - otherX, y - otherY) > APART);
    taken.push(places.find(isFree) ?? places[0]);
  }
  return taken;
}

/** Return how many local features of an outline match, in words. */
export function pointsMatch({ inliers }) {
  return `${counted(inliers, "point")} ${inliers === 1 ? "matches" : "match"}`;
}

// What share of the query lies within corners.
function areaOf(corners) {
  const twice = corners.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = corners[(at + 1) % corners.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}

/** Return in which of the nine parts of the query the middle of an outline is seen, in words; or that it fills it. */
export function whereIn(corners) {
  const seen = corners.map(onPicture);
  if (areaOf(seen) > FILLED) return "It fills the query";
  const [x, y] = [0, 1].map((at) => seen.reduce((sum, corner) => sum + corner[at], 0) / seen.length);
  const third = (share, names) => names[Math.min(Math.max(Math.floor(3 * share), 0), 2)];
  const name = `${third(y, ["top", "", "bottom"])} ${third(x, ["left", "", "right"])}`.trim();
  return `It is seen ${name ? `at the ${name}` : "in the centre"} of the query`;
}
