/** Tests one after the other, each with its name, its time and, if it fails, why. */

const tests = [];

/** A test; `limit` is the longest it may take, in seconds. */
export function test(name, body, { limit = 120 } = {}) {
  tests.push({ name, body, limit });
}

/** Runs everything that was registered; true when nothing failed. */
export async function runAll() {
  let failed = 0;
  for (const { name, body, limit } of tests) {
    const started = Date.now();
    const error = await outcome(body, limit);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${error ? "FAILED" : "ok    "} ${name} (${seconds} s)`);
    if (error) console.log(indented(error.stack ?? String(error)));
    failed += error ? 1 : 0;
  }
  console.log(`\n${tests.length - failed} passed, ${failed} failed`);
  return failed === 0;
}

/** What went wrong, or null. Whatever the body asked to be undone at its end is undone. */
async function outcome(body, limit) {
  const ends = [];
  let timer;
  const tooLate = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${limit} s`)), limit * 1000);
  });
  try {
    await Promise.race([body({ atEnd: (end) => ends.push(end) }), tooLate]);
    return null;
  } catch (error) {
    return error;
  } finally {
    clearTimeout(timer);
    for (const end of ends.reverse()) await Promise.resolve(end()).catch(() => {});
  }
}

function indented(text) {
  return text.replace(/^/gm, "       ");
}
