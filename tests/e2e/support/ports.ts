// Ports for programs that need one as an argument. All others listen on port 0 and print their port.
import { type AddressInfo, createServer } from "node:net";

/** A free port. Two checkouts can run their tests on one machine. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
