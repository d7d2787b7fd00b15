/** The first pause before another attempt, and the longest, in milliseconds; each is twice the one before. */
export const pauseMin = 1_000;
export const pauseMax = 30_000;

/** Plans attempts of something that fails for a while, one at a time, with growing pauses between them. */
export class BackOff {
  private pause: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt: (() => void) | null = null;

  /** `firstPause` in milliseconds. */
  constructor(private readonly firstPause = pauseMin) {
    this.pause = firstPause;
  }

  /** Makes `attempt` after a pause, in place of one that is planned. */
  plan(attempt: () => void): void {
    clearTimeout(this.timer);
    this.attempt = attempt;
    // Some randomness: many clients have lost the same server at the same moment.
    this.timer = setTimeout(() => this.hurry(), this.pause * (0.75 + Math.random() / 2));
    this.pause = Math.min(this.pause * 2, pauseMax);
  }

  /** Makes the planned attempt, if there is one, now. */
  hurry(): void {
    const attempt = this.attempt;
    clearTimeout(this.timer);
    this.attempt = null;
    attempt?.();
  }

  /** Forgets what is planned; the next pause is the first one again. */
  reset(): void {
    clearTimeout(this.timer);
    this.attempt = null;
    this.pause = this.firstPause;
  }
}
