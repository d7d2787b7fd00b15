type Listener<Data> = (data: Data) => void;

/** Tells listeners of one kind of happening, in the order in which they came. */
export class Signal<Data> {
  private readonly listeners = new Set<Listener<Data>>();

  /** Calls `listener` from now on; the returned function ends that. */
  listen(listener: Listener<Data>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls every listener. What one of them throws is reported, and keeps no other from hearing. */
  tell(data: Data): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(data);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
