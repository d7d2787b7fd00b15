/** How long anything is waited for, in milliseconds, unless a test says otherwise: a busy machine takes its time. */
const patience = 30_000;

/** `promise`, or an error that says `what` was awaited when it has not settled in time. */
export function within(promise, what, milliseconds = patience) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The first answer of `ask` that `fits`; asks again and again, at a pace that no limit forbids. */
export function eventually(ask, fits, what, milliseconds = patience) {
  let late = false;
  const asking = (async () => {
    while (!late) {
      const answer = await ask();
      if (fits(answer)) return answer;
      await new Promise((done) => setTimeout(done, 20));
    }
    return undefined;
  })();
  return within(asking, what, milliseconds).finally(() => {
    late = true;
  });
}
