// What went wrong, in words that say what to do.

import { $ } from "./elements.js";

const TITLES = {
  0: "The service does not answer",
  401: "The service asks for its token",
  404: "This picture is not in the index",
  408: "The picture took too long to arrive",
  413: "This picture is too large",
  415: "This is no picture that can be read",
  429: "Too many requests",
  503: "Many are searching right now",
};

/** Return what the service told as a sentence. */
export function asSentence(detail) {
  const text = detail.trim();
  if (!text) return "";
  return `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** Return the title and the text of a problem, and whether another try may help. */
export function wordsFor(problem) {
  const { status = 0, detail = "" } = problem;
  const isServers = status >= 500;
  const title = TITLES[status] ?? (isServers ? "Something went wrong at the service" : "This picture cannot be used");
  let text = asSentence(detail);
  if (status === 0) {
    text = navigator.onLine
      ? "It may have been stopped, or the way to it is broken. Your picture is still here."
      : "You are offline. The search starts by itself once you are back.";
  } else if (status === 404) {
    text = "It may have been renamed, or the index is another one now.";
  }
  return { title, text, mayHelp: [0, 401, 408, 429].includes(status) || isServers };
}

/** Show what there is to say in place of results. */
export function showNotice(title, text, { onAgain = null, isQuiet = false, isAlone = false } = {}) {
  $("notice").classList.toggle("quiet", isQuiet);
  $("notice-title").textContent = title;
  $("notice-text").textContent = text;
  $("again").hidden = !onAgain;
  $("again").onclick = onAgain;
  $("start-over").hidden = isAlone;
  $("notice").hidden = false;
}

/** Take it away. */
export function hideNotice() {
  $("notice").hidden = true;
}

/** Say something to people who listen to the page. */
export function say(text) {
  $("status").textContent = text;
}
