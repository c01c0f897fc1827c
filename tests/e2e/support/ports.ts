// Ports for what has to be told one beforehand. Everything else listens on port 0 and says which it got.
import { type AddressInfo, createServer } from "node:net";

/** A port that nothing listens on now: two checkouts may run their tests on one machine. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
