// Why a result was found: the picture of it, and the same in words for those who do not see it.

import { idIn } from "./address.js";
import { $ } from "./elements.js";
import { percent, showName } from "./names.js";
import { wordsFor } from "./notices.js";
import { explain } from "./service.js";

const dialog = $("explanation");
const picture = $("explanation-picture");

function inWords(result) {
  const sentences = [`Similarity ${percent(result.similarity)}, distance ${result.distance.toFixed(4)}.`];
  if (result.because?.length) sentences.push(`What decided: ${result.because.join(", ")}.`);
  else if (result.regions && result.distance > 0) {
    const parts = Object.entries(result.regions).sort(([, one], [, other]) => other - one);
    const shares = parts.map(([name, part]) => `${name} ${Math.round((100 * part) / result.distance)} %`);
    sentences.push(`Of the distance, from each part: ${shares.join(", ")}.`);
  }
  return sentences.join(" ");
}

export class ExplanationDialog {
  /** `onRefused(problem)` is called if the service asks who it is. */
  constructor(onRefused) {
    this.onRefused = onRefused;
    $("close-explanation").addEventListener("click", () => this.close());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) this.close();
    });
    dialog.addEventListener("close", () => this.forget());
    picture.addEventListener("load", () => {
      // As large as it can be with all of the dialog in sight.
      const ratio = picture.naturalWidth / picture.naturalHeight;
      $("explanation-stage").style.aspectRatio = `${ratio}`;
      $("explanation-stage").style.maxWidth = `${70 * ratio}vh`;
    });
  }

  close() {
    if (dialog.open) dialog.close();
  }

  /** Open the dialog for one result of a query. */
  async open(query, upload, result) {
    this.forget();
    const asked = (this.asked = new AbortController());
    showName($("explanation-name"), result.id);
    $("explanation-text").textContent = inWords(result);
    dialog.classList.add("skeleton");
    dialog.showModal();
    try {
      const made = await explain(query, upload, idIn(result.links.search), asked.signal);
      if (asked.signal.aborted) return;
      this.link = URL.createObjectURL(made);
      picture.alt = `The query and ${result.id} beside each other, and what matches and what differs between them`;
      picture.src = this.link;
    } catch (problem) {
      if (asked.signal.aborted) return;
      if (problem.status === 401) this.onRefused(problem);
      const { title, text } = wordsFor(problem);
      $("explanation-text").textContent = `${title}. ${text}`;
      $("explanation-stage").hidden = true;
    }
    dialog.classList.remove("skeleton");
  }

  forget() {
    this.asked?.abort();
    if (this.link) URL.revokeObjectURL(this.link);
    this.link = null;
    picture.removeAttribute("src");
    picture.alt = "";
    $("explanation-stage").hidden = false;
  }
}
