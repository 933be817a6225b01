// The token of a service that has one: asked for once; the browser then keeps a cookie that scripts cannot read.

import { $ } from "./elements.js";
import { wordsFor } from "./notices.js";
import { beginSession } from "./service.js";

const BANNER = `
  <p class="banner" id="session-missing" role="status" hidden>This service asks for its token.
    <button type="button" id="give-token">Enter it</button></p>`;
const DIALOG = `
  <dialog id="session" aria-labelledby="session-title">
    <form id="token-form" method="dialog">
      <h2 id="session-title">This service asks for its token</h2>
      <p class="dim">Whoever runs it can tell you. It is asked for once in 30 days.</p>
      <label for="token">Token</label>
      <input type="text" autocomplete="username" value="token" hidden>
      <input id="token" type="password" autocomplete="current-password" required autofocus>
      <p class="wrong" id="token-wrong" role="alert"></p>
      <button type="submit" class="primary">Continue</button>
    </form>
  </dialog>`;

document.querySelector(".header").insertAdjacentHTML("afterend", BANNER);
document.body.insertAdjacentHTML("beforeend", DIALOG);
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
