// Why a result was found, in words: what the answer tells of it, and nothing that the picture does not show.

import { percent } from "./names.js";
import { inWhole, pointsMatch, whereIn } from "./outline.js";

const ROWS = ["top", "", "bottom"];
const COLUMNS = ["left", "", "right"];

function third(share) {
  return Math.min(Math.max(Math.floor(3 * share), 0), 2);
}

// Where in a picture the networks saw most of what is alike: in one of its nine parts.
function strongest(sides) {
  const sums = new Map();
  for (const { window, shares } of sides) {
    const [left, top, width, height] = window;
    for (const [y, row] of shares.entries()) {
      for (const [x, share] of row.entries()) {
        const down = third(top + (height * (y + 0.5)) / shares.length);
        const across = third(left + (width * (x + 0.5)) / row.length);
        const name = `${ROWS[down]} ${COLUMNS[across]}`.trim();
        sums.set(name, (sums.get(name) ?? 0) + share);
      }
    }
  }
  const [[name]] = [...sums].sort(([, one], [, other]) => other - one);
  return name ? `at the ${name}` : "in the centre";
}

function ofPlaces(places) {
  const networks = Object.values(places);
  const [found, query] = ["result", "query"].map((side) => strongest(networks.map((network) => network[side])));
  const where = found === query ? `${found} of both pictures` : `${found} of the picture that was found, and ${query} of the query`;
  return `What is alike is strongest ${where}.`;
}

function ofRegions(regions) {
  const parts = Object.entries(regions).sort(([, one], [, other]) => other - one);
  const added = parts.map(([name, distance]) => `${name} ${distance.toFixed(4)}`).join(", ");
  return `The distance is the sum of its regions: ${added}. The percentage in a region tells how much of its colours both have in common.`;
}

function ofOutline(outline, crop) {
  return `${whereIn(outline.corners.map((corner) => inWhole(corner, crop)))}: ${pointsMatch(outline)}.`;
}

/** Return why a result was found, in sentences; `crop` is the part of the query that was searched by. */
export function reasonsFor({ similarity, distance, because, places, outline, regions = {} }, crop) {
  const share = similarity < 1 ? ` (${Math.min(similarity, 0.999).toFixed(3)})` : "";
  const sentences = [`Similarity ${percent(similarity)}${share}, distance ${distance.toFixed(4)}.`];
  if (because?.length) sentences.push(`In words: ${because.join(", ")}.`);
  if (outline) sentences.push(ofOutline(outline, crop));
  if (distance > 0 && places && Object.keys(places).length) sentences.push(ofPlaces(places));
  // What networks carry of a distance says nothing of the picture: "lite0: all of it".
  if (distance > 0 && "centre" in regions) sentences.push(ofRegions(regions));
  return sentences.join(" ");
}
