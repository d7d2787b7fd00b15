/** Numbers that look random and are the same for the same `seed` (mulberry32). */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. */
  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`. */
  between(least, most) {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** One of `list`; undefined of an empty one. */
  pick(list) {
    return list[Math.floor(this.fraction() * list.length)];
  }

  /** One of the keys of `weights`, each as often as its number says. */
  weighted(weights) {
    let rest = this.fraction() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    for (const [name, weight] of Object.entries(weights)) {
      rest -= weight;
      if (rest < 0) return name;
    }
    return Object.keys(weights).at(-1);
  }

  /** Another source, which goes its own way. */
  fork() {
    return new Random(this.between(0, 0xffffffff));
  }
}
