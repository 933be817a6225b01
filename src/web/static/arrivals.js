// The ways in which a picture comes onto the page: dropped, pasted, chosen or photographed.

import { $, copyOf } from "./elements.js";

const veil = $("drop");

function watchFileChoosers(onFiles) {
  for (const place of document.querySelectorAll(".ways")) {
    place.append(copyOf("ways-template"));
    for (const input of place.querySelectorAll("input")) {
      input.addEventListener("change", () => {
        if (input.files.length) onFiles([...input.files]);
        input.value = ""; // The same file may be chosen again.
      });
    }
  }
}

function watchDrops(onFiles, onNothing) {
  let isOurs = false; // A picture of the page itself is dragged.
  let depth = 0;
  const end = () => {
    depth = 0;
    veil.hidden = true;
  };
  addEventListener("dragstart", () => (isOurs = true));
  addEventListener("dragend", () => (isOurs = false));
  addEventListener("dragenter", (event) => {
    if (isOurs) return;
    event.preventDefault();
    depth += 1;
    veil.hidden = false;
  });
  addEventListener("dragleave", () => {
    depth -= 1;
    if (depth <= 0) end();
  });
  addEventListener("dragover", (event) => {
    if (!isOurs) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    end();
    if (isOurs) return;
    event.preventDefault(); // Else the browser leaves the page, and shows the file.
    const files = [...event.dataTransfer.files];
    if (files.length) onFiles(files);
    else onNothing("What was dropped is no file. Save the picture first, then drop it.");
  });
}

function watchPastes(onFiles, onNothing) {
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) {
      event.preventDefault();
      onFiles(files, true);
    } else if (!event.target.closest?.("input")) {
      onNothing("There is no picture on the clipboard.");
    }
  });
}

/** Call `onFiles(files, wasPasted)` for each arrival, `onNothing(text)` for one that holds no file. */
export function watchArrivals(onFiles, onNothing) {
  watchFileChoosers(onFiles);
  watchDrops(onFiles, onNothing);
  watchPastes(onFiles, onNothing);
}
