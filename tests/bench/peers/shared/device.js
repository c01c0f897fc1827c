// The device's storage: the last answers, and the credential with a non-extractable key. It stores the same
// data as our page, so that neither has an advantage.

export const kept = (name) => {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
};

export const keep = (name, value) => localStorage.setItem(name, JSON.stringify(value));

const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open("peer", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("device");
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function store(mode, run) {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const request = run(database.transaction("device", mode).objectStore("device"));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export const credential = () => store("readonly", (device) => device.get("credential"));
export const keepCredential = (value) => store("readwrite", (device) => device.put(value, "credential"));
