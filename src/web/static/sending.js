// A form is sent, and it is told how far it has come, which fetch does not tell.

/** POST a form; return a Response. `onSent(bytes, total)` is called now and then meanwhile. */
export function send(address, form, signal, onSent) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "blob";
    request.upload.addEventListener("progress", ({ loaded, total }) => onSent(loaded, total));
    request.addEventListener("load", () => {
      const wait = request.getResponseHeader("Retry-After");
      resolve(new Response(request.response, { status: request.status, headers: wait ? { "Retry-After": wait } : {} }));
    });
    request.addEventListener("error", () => reject(new TypeError("no answer")));
    request.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}
