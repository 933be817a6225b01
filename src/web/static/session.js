// The token of a service that has one: asked for once; the browser then keeps a cookie that scripts cannot read.

import { $ } from "./elements.js";
import { wordsFor } from "./notices.js";
import { beginSession } from "./service.js";

const dialog = $("session");

/** Ask for the token; `onBegun()` is called once the service has taken it. Who leaves the question finds it above the page. */
export function askForToken(onBegun) {
  let isBegun = false;
  dialog.onclose = () => {
    $("session-missing").hidden = isBegun || dialog.open;
  };
  $("give-token").onclick = () => askForToken(onBegun);
  $("session-missing").hidden = true;
  $("token-form").onsubmit = async (event) => {
    event.preventDefault();
    $("token-wrong").textContent = "";
    try {
      await beginSession($("token").value.trim());
    } catch (problem) {
      $("token-wrong").textContent =
        problem.status === 401 || problem.status === undefined
          ? "That is not the token of this service."
          : `${wordsFor(problem).title}. ${wordsFor(problem).text}`;
      $("token").select();
      return;
    }
    $("token").value = "";
    isBegun = true;
    dialog.close();
    onBegun();
  };
  if (!dialog.open) dialog.showModal();
}
