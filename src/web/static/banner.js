// What is said above the page for a while: a remark, or that the service cannot be reached.

import { $ } from "./elements.js";
import { health } from "./service.js";

const SHOWN_MILLISECONDS = 8000;
let hiding;

/** Say something for some seconds. */
export function tell(text) {
  clearTimeout(hiding);
  $("banner").textContent = text;
  $("banner").hidden = false;
  hiding = setTimeout(hide, SHOWN_MILLISECONDS);
}

function hide() {
  clearTimeout(hiding);
  $("banner").hidden = true;
}

/** Say so while the browser is offline; a service on the same machine is still there, and then nothing is said. */
export function watchConnection() {
  addEventListener("online", hide);
  addEventListener("offline", async () => {
    try {
      await health();
    } catch {
      tell("You are offline. What was found stays, and a new search waits until you are back.");
      clearTimeout(hiding);
    }
  });
}
