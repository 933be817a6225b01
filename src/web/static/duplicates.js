// The page to look through duplicates: it loads the groups, and takes what somebody does with keys and buttons.

import { $ } from "./elements.js";
import { counted } from "./names.js";
import { asSentence } from "./notices.js";
import { GroupList } from "./reviewcards.js";
import { DIFFERENT, KEEP, Review, SPARE } from "./reviewmarks.js";
import { Saving } from "./reviewsaving.js";
import { Viewer } from "./reviewviewer.js";
import { MARKS, diskWords } from "./reviewwords.js";
import { duplicates } from "./service.js";
import { askForToken } from "./session.js";

const PAGE = 200; // groups
const SAID_MILLISECONDS = 6000;

let review, list, viewer, saving;
let told = null; // What the service says of all groups.
let isWhole = false; // Whether all groups have come: before that, what is decided may not be all.

/** Load all groups, page by page; what is there is shown meanwhile. */
async function load() {
  showWaiting("Looking for duplicates", "", { isBusy: true });
  try {
    const first = await duplicates(0, PAGE);
    begin(first);
    for (let page = first; page.links.next; ) {
      page = await duplicates(page.offset + page.limit, PAGE);
      // Others have been found meanwhile.
      if (page.stamp !== first.stamp) return location.reload();
      take(page);
    }
    isWhole = true;
    showEnd();
  } catch (problem) {
    showProblem(problem);
  }
}

function begin(page) {
  told = page;
  isWhole = false;
  if (!review) {
    review = new Review(page.index);
    review.addEventListener("change", showSum);
    list = new GroupList(review, choose);
    viewer = new Viewer(review, choose, (group, place) => list.focus(group, place));
    saving = new Saving(review, say);
  }
  review.groups.length = 0;
  $("notice").hidden = true;
  list.clear();
  take(page);
}

function take(page) {
  review.add(page.groups);
  list.fill();
  showSum();
}

function showEnd() {
  showSum();
  $("about").textContent = `${told.index}: ${counted(review.groups.length, "group")} of duplicates`;
  const without = told.without ? `${counted(told.without, "picture")} could not be compared. ` : "";
  if (!review.groups.length) {
    const wasThere = told.total ? "All spares that were found are gone." : "No picture of the index is a copy of another one.";
    showWaiting(told.total ? "Nothing is left to decide" : "No duplicates", `${wasThere} ${without}`, { isQuiet: true });
  }
  $("more").textContent = review.groups.length ? `${without}These are all groups.` : "";
}

function showSum() {
  const decided = review.decided;
  const { won } = review;
  const all = review.groups.reduce((sum, group) => sum + group.won(group.proposal), 0);
  $("sum").hidden = !review.groups.length;
  $("won").textContent = `${diskWords(won)} won`;
  $("of-all").textContent = `of ${diskWords(all)}`;
  $("share").style.width = `${all ? Math.min(100, (100 * won) / all) : 0}%`;
  const spares = decided.reduce((sum, group) => sum + group.marked(SPARE).length, 0);
  const kept = review.isKept ? "" : " This browser does not keep them: save them before you leave.";
  $("decided").textContent = `${decided.length.toLocaleString("en")} of ${counted(review.groups.length, "group")} decided, ${counted(spares, "spare")}.${kept}`;
  $("undo").disabled = !review.canUndo;
  $("save").disabled = !decided.length || !isWhole;
  const same = openSame();
  $("same").hidden = !same.length || !isWhole;
  const are = same.length === 1 ? "group is" : "groups are";
  $("same-text").textContent = `${same.length.toLocaleString("en")} open ${are} of files that are the same, byte by byte.`;
}

function openSame() {
  return review.groups.filter((group) => group.kind === "file" && !group.isDecided);
}

/** Do what somebody wants with a picture of a group. */
function choose(group, place, what) {
  try {
    if (what === "show") viewer.open(group, place);
    else if (what === "accept") decide(group, group.isDecided ? null : group.proposal);
    else if (what === "open") group.isDecided && decide(group, null);
    else if (what === "none") decide(group, group.withNone());
    else if (what === "only") decide(group, group.withOnly(place), place);
    else decide(group, group.withMark(place, what), place);
  } catch (refusal) {
    say(refusal.message);
  }
}

function decide(group, marks, place = null) {
  review.set([[group, marks]]);
  const number = review.groups.indexOf(group) + 1;
  const what = place === null ? `Group ${number}: ${group.isDecided ? "decided" : "left open"}` : `${group.pictures[place].id}: ${MARKS[marks[place]]}`;
  say(`${what}. ${$("won").textContent}.`);
}

function undo() {
  if (!review.canUndo) return;
  const [group] = review.undo();
  say(`Taken back. ${$("won").textContent}.`);
  if (viewer.isOpen) viewer.open(group, viewer.current.group === group ? viewer.current.place : 0);
  else list.focus(group);
}

/** Accept a group as it is shown, and go on to the next one that is open. */
function acceptAndGoOn(group) {
  if (!group.isDecided) decide(group, group.proposal);
  const at = review.groups.indexOf(group);
  const next = [...review.groups.slice(at + 1), ...review.groups.slice(0, at)].find((one) => !one.isDecided);
  if (!next) say(`All groups are decided. ${$("won").textContent}.`);
  else if (viewer.isOpen) viewer.open(next, next.places[0]);
  else list.focus(next);
}

const MARK_KEYS = { k: KEEP, s: SPARE, d: DIFFERENT, o: "only", n: "none", Backspace: "open" };

document.addEventListener("keydown", (event) => {
  if (!review || event.altKey || document.querySelector("dialog[open]:not(#viewer)")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isUndo = key === "z" && !event.shiftKey && (event.ctrlKey || event.metaKey || viewer.isOpen || list.focused());
  if ((event.ctrlKey || event.metaKey) && !isUndo) return;
  if (isUndo) undo();
  else if (viewer.isOpen ? !keyOfViewer(key, event) : !keyOfList(key, event)) return;
  event.preventDefault();
});

document.addEventListener("keyup", (event) => {
  if (viewer?.isOpen && event.key.toLowerCase() === "c") viewer.compare(false);
});

function keyOfViewer(key, event) {
  const { group, place } = viewer.current;
  const isButton = event.target.closest("button, a");
  if (key === "ArrowLeft" || key === "ArrowRight") viewer.step(key === "ArrowLeft" ? -1 : 1);
  else if (key === "c") viewer.compare(true);
  else if (key === "Enter" && !isButton) acceptAndGoOn(group);
  else if (key === " " && !isButton) viewer.close();
  else if (MARK_KEYS[key]) choose(group, place, MARK_KEYS[key]);
  else return false;
  return true;
}

function keyOfList(key, event) {
  const focused = list.focused();
  const { groups } = review;
  if (key === "ArrowDown" || key === "ArrowUp") {
    const next = focused ? list.beside(focused.group, key === "ArrowDown") : groups[0];
    if (next) list.focus(next);
    return true;
  }
  // Letters are for who has chosen a picture: others may want them for something else.
  if (!focused) return false;
  if (key === "?") return openKeys();
  const { group, place } = focused;
  const isPicture = event.target.classList.contains("stage");
  if (key === "ArrowLeft" || key === "ArrowRight") step(group, place, key === "ArrowLeft" ? -1 : 1);
  else if (key === "Enter" && isPicture) acceptAndGoOn(group);
  else if (key === " " && isPicture) choose(group, place, "show");
  else if (MARK_KEYS[key]) choose(group, place, MARK_KEYS[key]);
  else return false;
  return true;
}

/** Go to the picture before or after another one, over the ends of groups. */
function step(group, place, by) {
  const next = place + by;
  if (group.pictures[next]?.gone) return step(group, next, by);
  if (group.pictures[next]) return list.focus(group, next);
  const other = review.groups[review.groups.indexOf(group) + by];
  if (other) list.focus(other, by > 0 ? undefined : other.places.at(-1));
}

function openKeys() {
  $("keys").showModal();
  return true;
}

let silence;
function say(text) {
  // A dialog is in front of what the page says.
  const said = document.querySelector("dialog[open] .said") ?? $("said");
  said.textContent = text;
  said.classList.add("new");
  clearTimeout(silence);
  silence = setTimeout(() => document.querySelectorAll(".said").forEach((one) => one.classList.remove("new")), SAID_MILLISECONDS);
}

function showWaiting(title, text, { isBusy = false, isQuiet = isBusy, onAgain = null } = {}) {
  $("notice").classList.toggle("quiet", isQuiet);
  $("notice").classList.toggle("busy", isBusy);
  $("notice-title").textContent = title;
  $("notice-text").textContent = text;
  $("again").hidden = !onAgain;
  $("again").onclick = onAgain;
  $("notice").hidden = false;
}

function showProblem(problem) {
  if (problem.status === undefined) throw problem;
  if (problem.status === 401) {
    $("notice").hidden = true;
    return askForToken(load);
  }
  const text = asSentence(problem.detail);
  if (problem.status === 404) {
    showWaiting("Duplicates are not known yet", text, { isQuiet: true, onAgain: load });
  } else if (problem.status === 503 && problem.wait) {
    showWaiting("Duplicates are being found", text, { isBusy: true });
    setTimeout(load, 1000 * problem.wait);
  } else if (problem.status === 0) {
    showWaiting("The service does not answer", "Your decisions are still here.", { onAgain: load });
  } else {
    showWaiting("Duplicates cannot be shown", text, { onAgain: load });
  }
}

$("undo").onclick = undo;
$("save").onclick = () => saving.open(told.options);
$("show-keys").onclick = openKeys;
$("accept-same").onclick = () => {
  const same = openSame();
  review.set(same.map((group) => [group, group.proposal]));
  say(`${counted(same.length, "group")} accepted. ${$("won").textContent}.`);
};

load();
