// How far a search has come that takes long, and the way to give it up.

import { $ } from "./elements.js";

const PATIENCE_MILLISECONDS = 1000;

function sizeOf(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export class Progress {
  /** `onCancel()` is called if somebody gives up. */
  constructor(onCancel) {
    $("cancel").addEventListener("click", onCancel);
  }

  /** Begin to wait: for an upload to be sent, of so many bytes, or for an answer alone. */
  begin(bytes = 0) {
    this.end();
    this.sent(0, bytes);
    this.waiting = setTimeout(() => ($("progress").hidden = false), PATIENCE_MILLISECONDS);
  }

  /** Tell how much is sent. */
  sent(bytes, total) {
    const isSent = bytes >= total;
    $("progress-text").textContent = isSent ? "Searching" : `Sending ${sizeOf(total)}`;
    $("progress-bar").hidden = isSent;
    $("progress-bar").value = isSent ? 1 : bytes / total;
  }

  end() {
    clearTimeout(this.waiting);
    $("progress").hidden = true;
  }
}
