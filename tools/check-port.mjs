// Fails if a local port is taken, and names the port and its process.   node tools/check-port.mjs PORT
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

const port = Number(process.argv[2]);
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  console.error(`PORT is '${process.argv[2] ?? ""}': write a number from 1 to 65535, for example PORT=9000 make run`);
  process.exit(1);
}

const server = createServer();
server.on("error", (error) => {
  const why = error.code === "EADDRINUSE" ? `is taken by ${holder() ?? "another program"}` : `cannot be listened on (${error.code})`;
  console.error(`Port ${port} ${why}. Stop it, or take another port: PORT=${port === 9000 ? 9001 : 9000} make run`);
  process.exit(1);
});
server.listen(port, "127.0.0.1", () => server.close());

/**
 * The process that listens on the port, by Linux's tables. `undefined` if they do not tell, for example if
 * the process is another user's.
 */
function holder() {
  const hexPort = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const read = (file) => {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return "";
    }
  };
  // Columns of /proc/net/tcp: second local address, third remote address, fourth state (0A is listening),
  // tenth inode of the socket.
  const rows = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => read(file).split("\n").map((row) => row.trim().split(/\s+/)));
  const inode = rows.find(([, local, , state]) => local?.endsWith(hexPort) && state === "0A")?.[9];
  if (!inode) return undefined;
  const holds = (pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
    } catch {
      return false;
    }
  };
  try {
    const pid = readdirSync("/proc").find((name) => /^\d+$/.test(name) && holds(name));
    return pid && `process ${pid}, ${read(`/proc/${pid}/cmdline`).split("\0").join(" ").trim()}`;
  } catch {
    return undefined;
  }
}
