// The dialog that gives the decisions as a file, and says what to do with it.

import { $ } from "./elements.js";
import { counted } from "./names.js";
import { command, decisions, fileName } from "./reviewfile.js";
import { diskWords } from "./reviewwords.js";

const dialog = $("saving");

/** The dialog. `say(text)` tells what was done. */
export class Saving {
  #review;
  #options = [];
  #say;
  #file = null;
  #name = "";
  #address = "";

  constructor(review, say) {
    this.#review = review;
    this.#say = say;
    $("download").onclick = () => say(`Saved as ${this.#name}.`);
    $("copy").onclick = () => this.#copy();
    $("forget").onclick = () => this.#forget();
    for (const way of dialog.querySelectorAll("[name=way]")) way.onchange = () => this.#showCommand();
    dialog.addEventListener("close", () => URL.revokeObjectURL(this.#address));
  }

  /** Open it; `options` are those with which duplicates.py finds these groups again. */
  open(options) {
    this.#options = options;
    const decided = this.#review.decided;
    this.#file = decisions(decided);
    this.#name = fileName();
    const spares = this.#file.groups.reduce((sum, group) => sum + group.spares.length, 0);
    const different = this.#file.groups.filter((group) => group.different.length).length;
    const { won } = this.#review;
    const parts = [];
    if (spares) parts.push(`${counted(spares, "spare")} of ${diskWords(won)} may go`);
    if (different) parts.push(`${counted(different, "group")} ${different === 1 ? "has" : "have"} what is no duplicate`);
    $("saving-text").textContent = parts.length ? `${parts.join("; ")}.` : "All that was decided stays: there is nothing to do.";
    $("ways").hidden = !spares;
    const text = `${JSON.stringify(this.#file, null, 2)}\n`;
    this.#address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    $("download").href = this.#address;
    $("download").download = this.#name;
    this.#showCommand();
    dialog.showModal();
    $("download").focus();
  }

  #showCommand() {
    const way = dialog.querySelector("[name=way]:checked").value;
    $("command").textContent = command(this.#options, this.#name, this.#file, way);
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText($("command").textContent);
      this.#say("The command is copied.");
    } catch {
      // Not allowed, as where the page did not come over https: somebody's own keys may copy.
      getSelection().selectAllChildren($("command"));
      this.#say(document.execCommand("copy") ? "The command is copied." : "The command is selected: copy it.");
    }
  }

  #forget() {
    this.#review.set(this.#review.decided.map((group) => [group, null]));
    dialog.close();
    this.#say("The decisions are forgotten. Undo brings them back.");
  }
}
