// One search at a time: what is shown of it while it waits, when it is answered, and when it fails.

import { $ } from "./elements.js";
import { answerTo, pictureOf } from "./answers.js";
import { counted, percent } from "./names.js";
import { hideNotice, say, showNotice, wordsFor } from "./notices.js";
import { Progress } from "./progress.js";
import { Problem } from "./service.js";
import { askForToken } from "./session.js";
import { uploadOf } from "./uploads.js";

/** How many are shown at first and after each "Show more"; the service gives 100, of which one may be the query. */
export const LIMITS = [3, 15, 39, 75, 99];
const TITLE = "Image Similarity";
// A shorter search shows no sign of waiting, which would only flicker.
const PATIENCE_MILLISECONDS = 150;
const MOST_TRIES = 4;
const NOTHING_THE_SAME =
  "Of what is in the index, nothing was recognised here. If you think it is there, take a photo from nearer, sharper or less from the side; or draw a rectangle around the thing.";
const TOO_PLAIN = "It has no marks to recognise it by.";
const NO_OTHER_OF_THE_SAME = "In no other picture of the index was the same thing recognised.";
const ALL_THE_SAME = "That is all. If a thing is missing, draw a rectangle around it.";

export class Searching {
  /** `onFound(answer)` is called with what is shown from now on; it has no results as long as nothing is known. */
  constructor(panel, results, onFound) {
    Object.assign(this, { panel, results, onFound });
    this.query = this.answer = null;
    this.asked = new AbortController();
    this.progress = new Progress(() => this.cancel());
  }

  /** End what is asked at the moment: something else is shown. */
  stop() {
    this.end();
    this.query = this.answer = null;
    hideNotice();
  }

  end() {
    this.asked.abort();
    this.progress.end();
    $("results").removeAttribute("aria-busy");
  }

  /** Give up what is asked at the moment; what is there stays. */
  cancel() {
    this.end();
    this.results.clearSkeletons();
    showNotice("The search was given up", "", { isQuiet: true, onAgain: () => this.again() });
  }

  again() {
    return this.start(this.query, this.limit, true);
  }

  /** Search, and show what is found; what is there of the same query stays meanwhile. */
  async start(query, limit, isSame) {
    const answer = isSame ? this.answer : null;
    this.stop();
    Object.assign(this, { query, limit, answer, asked: new AbortController() });
    $("max-distance").value = query.within ?? "";
    $("more").hidden = true;
    $("all-shown").textContent = "";
    $("results-title").textContent = this.titleOf(Infinity);
    this.showQuery();
    if (answer === null) this.onFound({ results: [] });
    // Once only: when the answer comes, somebody may be at the next rectangle.
    this.panel.showPart(query.part);
    await this.find(this.asked.signal);
  }

  showQuery() {
    const { name, link } = pictureOf(this.query, this.answer);
    this.panel.show(name, link);
    document.title = name ? `${name} – ${TITLE}` : TITLE;
  }

  /** Return what is shown, as far as there is something to see: the query, then its results. */
  pictures() {
    const { name, link } = pictureOf(this.query, this.answer);
    const links = this.query.upload === null ? (this.answer?.links ?? { thumbnail: link }) : { thumbnail: link };
    return [{ id: name, links }, ...(this.answer?.results ?? []).filter((result) => !result.gone)];
  }

  async find(signal, tries = 1) {
    const waiting = setTimeout(() => this.showWaiting(), PATIENCE_MILLISECONDS);
    $("results").setAttribute("aria-busy", "true");
    this.progress.begin(uploadOf(this.query.upload)?.blob.size);
    try {
      const answer = await answerTo(this.query, this.count, signal, (bytes, total) => this.progress.sent(bytes, total));
      if (!signal.aborted) this.show(answer);
    } catch (problem) {
      if (!signal.aborted) this.fail(problem, signal, tries);
    } finally {
      clearTimeout(waiting);
      if (!signal.aborted) {
        this.progress.end();
        $("results").removeAttribute("aria-busy");
      }
    }
  }

  showWaiting() {
    if (this.answer === null) this.results.clear();
    this.results.showSkeletons(this.limit);
    say("Searching");
  }

  show(answer) {
    const isContinued = this.answer !== null;
    this.answer = answer;
    this.showQuery();
    const found = answer.results.length;
    $("results-title").textContent = this.titleOf(found);
    const first = this.results.show(answer.results);
    this.onFound(answer);
    if (found === 0) {
      this.tellNothing();
      return;
    }
    const isEnd = found < this.count || this.count === LIMITS.at(-1);
    $("more").hidden = isEnd;
    if (isEnd) $("all-shown").textContent = found < this.count ? this.wordsForAll() : `These are the nearest ${found}`;
    if (isContinued && first > 0 && first < found) this.results.focus(first);
    const [nearest] = answer.results;
    const outlined = answer.results.filter((result) => result.outline).length;
    const seen = outlined ? ` ${counted(outlined, "outline")} on the query.` : "";
    say(`${counted(found, "similar picture")}. The nearest is ${nearest.id}, ${percent(nearest.similarity)} similar.${seen}`);
  }

  /** Whether the index finds the very same thing, or nothing; and not what is most similar. */
  get isOfSame() {
    return $("main").dataset.finds === "same";
  }

  /** How many are asked for: of the very same thing there are few, and an outline should not wait for "Show more". */
  get count() {
    return this.isOfSame ? Math.max(this.limit, LIMITS[1]) : this.limit;
  }

  titleOf(found) {
    if (found === 0) return "Results";
    return this.isOfSame ? "The same thing" : "Most similar";
  }

  wordsForAll() {
    return this.isOfSame && this.query.part === null ? ALL_THE_SAME : "That is all";
  }

  tellNothing() {
    const { within, id } = this.query;
    const nothing = this.isOfSame ? "Nothing was recognised" : "Nothing was found";
    const far = within === null ? nothing : `${nothing} within a distance of ${within}`;
    const title = this.answer.blank ? "Too plain to be recognised" : far;
    const farther = this.isOfSame ? "A larger distance may find more." : "A larger distance finds more, and an empty field the nearest.";
    const nothingTheSame = id === null ? NOTHING_THE_SAME : NO_OTHER_OF_THE_SAME;
    const none = this.isOfSame ? nothingTheSame : "The index has no other picture.";
    const why = within === null ? none : farther;
    showNotice(title, this.answer.blank ? TOO_PLAIN : why, { isQuiet: true });
    say(title);
  }

  fail(problem, signal, tries) {
    this.results.clearSkeletons();
    if (this.answer === null) this.results.clear();
    if (!(problem instanceof Problem)) throw problem;
    const again = () => this.again();
    if (problem.status === 401) {
      askForToken(again);
      return;
    }
    if (problem.status === 404) this.panel.tellUnseen("There is no such picture.");
    const { title, text, mayHelp } = wordsFor(problem);
    const isBusy = problem.status === 503 && tries < MOST_TRIES;
    showNotice(title, isBusy ? `${text} It is tried again by itself.` : text, { onAgain: mayHelp ? again : null });
    if (isBusy) setTimeout(() => signal.aborted || this.retry(signal, tries), 1000 * Math.min(Math.max(problem.wait, 1), 30));
    if (problem.status === 0) addEventListener("online", again, { once: true, signal });
  }

  retry(signal, tries) {
    hideNotice();
    this.find(signal, tries + 1);
  }
}
