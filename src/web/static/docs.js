/* The page to try the API: Swagger UI, which comes with the service and asks nobody else. */

import { $ } from "./elements.js";
import { counted } from "./names.js";
import { Problem, health } from "./service.js";

const dark = window.matchMedia("(prefers-color-scheme: dark)");

function follow() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

follow();
dark.addEventListener("change", follow);

window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#viewer",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // It would ask a host of its makers.
  validatorUrl: null,
});

/** Tell in the header what the index is, as the other pages do. */
async function tellIndex() {
  try {
    const { index, duplicates } = await health();
    $("about").textContent = `${counted(index.images, "picture")} in ${index.name}`;
    $("to-duplicates").hidden = !duplicates;
  } catch (problem) {
    // Without it, the page is as good.
    if (!(problem instanceof Problem)) throw problem;
  }
}

tellIndex();
