// A connection that a transaction holds, and the pool that it belongs to.

/** Gives the connection back once: when it is released, or when the server closes it before. */
export function releaseOnce(client) {
  const { release } = client;
  let held = true;
  const giveBack = (error) => {
    // The connection stays in the pool for further transactions, each with a listener of its own.
    client.off("end", giveBack);
    if (held) release(error);
    held = false;
  };
  client.release = giveBack;
  client.once("end", giveBack);
}
