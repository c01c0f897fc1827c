// Computes the codes that a page should have shown, with the key on its device. The key signs but cannot be
// read.

/** The 20 digits of each of these steps, computed with the credential that our page stores. */
export function expectedCodes(page, steps) {
  return page.evaluate(async (steps) => {
    const result = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await result(indexedDB.open("member-page"));
    const records = await result(database.transaction("credential").objectStore("credential").getAll());
    database.close();
    if (records.length !== 1) throw new Error(`the device holds ${records.length} credentials`);
    const { key, details } = records[0];
    return Promise.all(
      steps.map(async (step) => {
        const counter = new DataView(new ArrayBuffer(8));
        counter.setBigUint64(0, BigInt(step));
        const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter));
        const value = (mac.getUint32(mac.getUint8(31) & 15) & 0x7fffffff) % 100_000_000;
        return `66${details.number}${String(value).padStart(8, "0")}`;
      }),
    );
  }, steps);
}
