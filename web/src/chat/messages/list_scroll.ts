import type { VirtualizerHandle } from 'virtua/vue';
import { nextTick, ref, type Ref } from 'vue';

import type { MessageWindow } from '@/state/message_window';

import { nextFrame } from './frames';

/** As close to the end, in pixels, one is at it. */
const endMargin = 40;
/** As close to the first or last row, in pixels, more are loaded. */
const loadMargin = 1_200;
/** Frames in which nothing has moved before the list counts as placed, and for how many it is waited at most. */
const stillFrames = 3;
const framesMax = 40;

export type Align = 'start' | 'center' | 'end' | 'nearest';

/** Where the list stands, and how it gets elsewhere. */
export class ListScroll {
  /** Whether the list is at its end and follows it. */
  readonly isAtEnd = ref(true);
  /** Whether it stands where it should begin; before that it is not shown. */
  readonly isPlaced = ref(false);

  private lastOffset = 0;
  private placements = 0;

  constructor(
    private readonly window: MessageWindow,
    private readonly list: Readonly<Ref<VirtualizerHandle | null>>,
    private readonly scroller: Readonly<Ref<HTMLElement | null>>,
    private readonly count: () => number,
  ) {}

  /** Puts a list that has begun anew to row `index`, unseen. */
  async place(index: number, align: Align, offset = 0): Promise<void> {
    const placement = ++this.placements;
    this.isPlaced.value = false;
    this.isAtEnd.value = align === 'end';
    this.lastOffset = 0;
    await nextTick();
    this.list.value?.scrollToIndex(index, { align, offset });
    await this.becomeStill(() => placement === this.placements);
    if (placement !== this.placements) return;
    this.isPlaced.value = true;
    this.loadNearby();
  }

  /** Goes to row `index` of the list as it is. */
  goTo(index: number, align: Align, offset = 0): void {
    this.isAtEnd.value = align === 'end' && index === this.count() - 1;
    this.list.value?.scrollToIndex(index, { align, offset });
  }

  goToEnd(): void {
    this.isAtEnd.value = true;
    if (this.count() > 0) this.list.value?.scrollToIndex(this.count() - 1, { align: 'end' });
  }

  /** The list has moved, by somebody or by itself. */
  moved(offset: number): void {
    // Away from the end is somebody's wish from its first pixel on: a row that is measured then must not undo it.
    const isAway = offset < this.lastOffset - 1 && this.distanceToEnd() > 1 && this.isPlaced.value;
    if (isAway) this.isAtEnd.value = false;
    else if (this.distanceToEnd() <= endMargin) this.isAtEnd.value = true;
    this.lastOffset = offset;
    this.loadNearby();
  }

  /**
   * Rows, or the place for them, have another size. A new row is only gone to now, when its size is known: before, it would
   * be to a wrong place for a moment.
   */
  resized(): void {
    if (this.isAtEnd.value && this.isPlaced.value && this.distanceToEnd() > 0) void this.follow();
    this.loadNearby();
  }

  /**
   * Goes to the end once. The virtual list would go there again with every row that is measured in the next 150 ms, also
   * against somebody who scrolls away meanwhile.
   */
  private async follow(): Promise<void> {
    // The document has its new height then, and it is before the next paint.
    await nextTick();
    const element = this.scroller.value;
    if (element && this.isAtEnd.value) element.scrollTop = element.scrollHeight;
  }

  private distanceToEnd(): number {
    const list = this.list.value;
    return list ? list.scrollSize - list.viewportSize - list.scrollOffset : 0;
  }

  /** Loads what one may want to see next. What has failed is only tried again when asked for. */
  loadNearby(): void {
    const list = this.list.value;
    if (!list || !this.isPlaced.value) return;
    const { window } = this;
    const failed = window.failure.value?.what;
    window.readingAt = this.isAtEnd.value || this.distanceToEnd() < list.scrollOffset ? 'end' : 'start';
    if (list.scrollOffset < loadMargin && failed !== 'before') void window.loadBefore();
    if (this.distanceToEnd() < loadMargin && failed !== 'after') void window.loadAfter();
  }

  private async becomeStill(isWanted: () => boolean): Promise<void> {
    let still = 0;
    let before = -1;
    for (let frame = 0; frame < framesMax && still < stillFrames && isWanted(); ++frame) {
      await nextFrame();
      const list = this.list.value;
      const now = list && list.viewportSize > 0 ? list.scrollOffset + list.scrollSize : -1;
      still = now >= 0 && now === before ? still + 1 : 0;
      before = now;
    }
  }
}
