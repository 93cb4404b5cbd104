// A model that computes for five milliseconds, in a thread or in the loop alike. JavaScript, because a thread loads it.
export const model = {
  predict: (/** @type {number} */ x) => {
    const until = performance.now() + 5;
    while (performance.now() < until);
    return x * 2;
  },
};
