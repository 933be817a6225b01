// The search page. An address says what is searched by; showing it is the same after a click, going back, or a reload.

import { addressOf, queryOf } from "./address.js";
import { watchArrivals } from "./arrivals.js";
import { tell, watchConnection } from "./banner.js";
import { $ } from "./elements.js";
import { ExplanationDialog } from "./explanation.js";
import { LargePicture } from "./largepicture.js";
import { MatchLines } from "./matchlines.js";
import { counted } from "./names.js";
import { showNotice } from "./notices.js";
import { OutlineDrawing } from "./outlinedrawing.js";
import { QueryPanel } from "./querypanel.js";
import { ResultList } from "./resultlist.js";
import { showSamples } from "./samples.js";
import { LIMITS, Searching } from "./searching.js";
import { Problem, health } from "./service.js";
import { askForToken } from "./session.js";
import { keepUpload, restoreUpload, uploadOf } from "./uploads.js";

const TITLE = document.title;
let isSampled = false;

const explanation = new ExplanationDialog(() => askForToken(() => {}));
const panel = new QueryPanel((part) => go({ ...searching.query, part }));
const large = new LargePicture();
const outlines = new OutlineDrawing($("query-outlines"), $("query-picture"));
const lines = new MatchLines($("matches"));
const results = new ResultList(
  (result) => {
    const pictures = searching.pictures();
    large.open(pictures, pictures.indexOf(result), searching.answer);
  },
  (result) => explanation.open(searching.query, uploadOf(searching.query.upload), result, searching.answer.crop),
);
const searching = new Searching(panel, results, ({ results: found, crop }) => {
  outlines.show(found, crop);
  lines.show(found, crop);
});

function showView(view) {
  $("main").dataset.view = view;
  $("start").hidden = view === "search";
  $("query").hidden = view !== "search";
  $("results").hidden = view === "start";
}

function leaveSearch() {
  searching.stop();
  lines.show([]);
}

/** Show what an address asks for. */
async function show(query, limit) {
  explanation.close();
  large.close();
  if (query.upload !== null && !uploadOf(query.upload)) {
    const asked = location.search;
    await restoreUpload(query.upload);
    if (location.search !== asked) return; // Somebody has gone on meanwhile.
  }
  const isSame = searching.query !== null && addressOf(searching.query) === addressOf(query);
  if (query.id === null && query.upload === null) {
    leaveSearch();
    document.title = TITLE;
    showView("start");
    await begin();
  } else if (query.upload !== null && !uploadOf(query.upload)) {
    leaveSearch();
    results.clear();
    showView("lost");
    showNotice(
      "This picture is not here any more",
      "A picture of yours is kept for an hour, in the browser that it was chosen in, and nowhere else. Choose it again to search by it.",
      { isQuiet: true, isAlone: true },
    );
    await begin();
  } else {
    showView("search");
    await searching.start(query, limit, isSame);
  }
}

function go(query) {
  clearTimeout(keeping);
  history.replaceState({ ...history.state, scroll: scrollY }, "");
  history.pushState({ limit: LIMITS[0] }, "", addressOf(query));
  show(query, LIMITS[0]);
  scrollTo(0, 0);
}

async function showHere() {
  const { limit = LIMITS[0], scroll = 0 } = history.state ?? {};
  const here = location.search;
  await show(queryOf(here), limit);
  if (location.search === here) scrollTo(0, scroll);
}

let keeping;
function keepScroll() {
  clearTimeout(keeping);
  keeping = setTimeout(() => history.replaceState({ ...history.state, scroll: scrollY }, ""), 150);
}

function showMore() {
  const limit = LIMITS.find((one) => one > searching.count);
  history.replaceState({ ...history.state, limit }, "");
  searching.start(searching.query, limit, true);
}

/** Say whether the index finds what is similar, or the very same thing alone. */
function showWhatIsFound({ finds, places }) {
  Object.assign($("main").dataset, { finds, places });
  if (finds !== "same") return;
  $("start-title").textContent = "Find the very same thing";
  $("what-for").textContent = "A photo of a cover, a label or a painting finds the picture of it in the index, and shows its outline.";
  $("what-for").hidden = false;
}

/** Tell what the index is, and show some of it on the start. */
async function begin() {
  try {
    const { index, duplicates } = await health();
    $("index-size").textContent = `${counted(index.images, "picture")} in ${index.name}`;
    showWhatIsFound(index);
    $("to-duplicates").hidden = !duplicates;
    if ($("start").hidden || isSampled) return;
    await showSamples(index.images);
    isSampled = true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    $("samples").hidden = true;
    if (problem.status === 401) askForToken(begin);
    else tell("The service does not answer at the moment.");
  }
}

async function acceptFiles(files, wasPasted = false) {
  const file = files.find((one) => one.type.startsWith("image/")) ?? files[0];
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    tell("This file cannot be read. If it is a folder, drop a picture that is in it.");
    return;
  }
  const name = wasPasted ? "Pasted picture" : file.name || "Picture";
  go({ id: null, upload: keepUpload(file, name), part: null, within: searching.query?.within ?? null });
  if (files.length > 1) tell(`${files.length} files came. One is searched by: ${name}`);
}

function follow(event) {
  const link = event.target.closest?.("a.stage, #home, #start-over, #large-search");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link?.href || !isPlain) return;
  event.preventDefault();
  const query = queryOf(new URL(link.href).search);
  go(query.id === null ? query : { ...query, within: searching.query?.within ?? null });
  if (query.id !== null) $("query-title").focus({ preventScroll: true });
}

history.scrollRestoration = "manual";
addEventListener("popstate", () => {
  clearTimeout(keeping);
  showHere();
});
addEventListener("scroll", keepScroll, { passive: true });
document.addEventListener("click", follow);
$("enlarge-query").addEventListener("click", () => large.open(searching.pictures(), 0, searching.answer));
$("more").addEventListener("click", showMore);
$("other-samples").addEventListener("click", () => {
  isSampled = false;
  begin();
});
$("within").addEventListener("submit", (event) => event.preventDefault());
$("max-distance").addEventListener("change", () => {
  const { value, valueAsNumber } = $("max-distance");
  go({ ...searching.query, within: value === "" || !(valueAsNumber >= 0) ? null : valueAsNumber });
});
watchArrivals(acceptFiles, tell);
watchConnection();
showHere();
if ($("start").hidden) begin();
