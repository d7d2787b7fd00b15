/** Lets only so many things go on at once; the others wait in the order in which they came. */
export class Turns {
  private underWay = 0;
  private readonly queued: (() => void)[] = [];

  constructor(private readonly atOnceMax: number) {}

  /** Resolves when the caller may begin, with what to call, once, when it has ended. */
  async take(): Promise<() => void> {
    if (this.underWay >= this.atOnceMax) await new Promise<void>((resolve) => this.queued.push(resolve));
    else this.underWay += 1;
    return () => {
      const next = this.queued.shift();
      // The place goes to the next one directly.
      if (next) next();
      else this.underWay -= 1;
    };
  }
}
