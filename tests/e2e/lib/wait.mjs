/** Waiting for something to become true, looking often and giving up with a clear sentence. */

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The first truthy value that `look` gives within `limit` seconds. */
export async function until(what, look, limit = 20) {
  const end = Date.now() + limit * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not so within ${limit} s`);
    await pause(50);
  }
}

/** Fails if `look` becomes falsy within `seconds`. */
export async function stays(what, look, seconds) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (!(await look())) throw new Error(`${what}: not so for ${seconds} s`);
    await pause(50);
  }
}
