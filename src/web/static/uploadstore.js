// Uploads outlive a reload for an hour, in this browser alone: a phone lets go of a page while its camera is open.

const KEPT_MILLISECONDS = 60 * 60 * 1000;
const STORE = "uploads";

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// What a browser cannot store, as in a private window or on a full disk, is lost by a reload.
async function withStore(act) {
  try {
    const opening = indexedDB.open("image-similarity", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const database = await done(opening);
    const store = database.transaction(STORE, "readwrite").objectStore(STORE);
    // Keys begin with their time, in digits that are in order as text.
    store.delete(IDBKeyRange.upperBound((Date.now() - KEPT_MILLISECONDS).toString(36)));
    const result = act(store);
    return result && (await done(result));
  } catch {
    return undefined;
  }
}

/** Return a new key for a picture that is kept. */
export function newKey(count) {
  return `${Date.now().toString(36)}-${count}`;
}

/** Keep a picture, a Blob, and its name. */
export function storeUpload(key, blob, name) {
  return withStore((store) => store.put({ blob, name }, key));
}

/** Return the blob and the name that were kept, or undefined. */
export function storedUpload(key) {
  return withStore((store) => store.get(key));
}

/** Let go of what was kept long enough. */
export function forgetOldUploads() {
  return withStore(() => null);
}
