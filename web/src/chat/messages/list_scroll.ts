import type { VirtualizerHandle } from 'virtua/vue';
import { nextTick, ref, type Ref } from 'vue';

import type { MessageWindow } from '@/state/message_window';

import { nextFrame } from './frames';
import type { MessageRow } from './rows';

/** As close to the end, in pixels, one is at it. */
const endMargin = 40;
/** As close to the first or last row, in pixels, more are loaded. */
const loadMargin = 1_200;
/** Frames in which nothing has moved before the list counts as placed, and for how many it is waited at most. */
const stillFrames = 3;
const framesMax = 40;

export type Align = 'start' | 'center' | 'end' | 'nearest';

/** A row that the list is on its way to, until the rows around it have been measured. */
interface Goal {
  key: string;
  align: Exclude<Align, 'nearest'>;
  offset: number;
  /** Where the list has been put for it. */
  at: number;
}

/**
 * Where the list stands, and how it gets elsewhere. Not by the virtual list's `scrollToIndex`: that would go there again with
 * every row that is measured in the next 150 ms, also against somebody who scrolls away meanwhile.
 */
export class ListScroll {
  /** Whether the list is at its end and follows it. */
  readonly isAtEnd = ref(true);
  /** Whether it stands where it should begin; before that it is not shown. */
  readonly isPlaced = ref(false);

  private goal: Goal | null = null;
  private lastOffset = 0;
  private placements = 0;

  constructor(
    private readonly window: MessageWindow,
    private readonly list: Readonly<Ref<VirtualizerHandle | null>>,
    private readonly scroller: Readonly<Ref<HTMLElement | null>>,
    private readonly rows: () => readonly MessageRow[],
  ) {}

  /** Puts a list that has begun anew to row `index`, or to its end, unseen. */
  async place(index: number | 'end', align: Align = 'start', offset = 0): Promise<void> {
    const placement = ++this.placements;
    const goal = index === 'end' ? null : this.goalAt(index, align, offset);
    this.isPlaced.value = false;
    this.isAtEnd.value = index === 'end';
    this.goal = goal;
    this.lastOffset = 0;
    void this.approach();
    await this.becomeStill(() => placement === this.placements);
    if (placement !== this.placements) return;
    if (this.goal === goal) this.goal = null;
    this.isPlaced.value = true;
    if (this.isNearEnd()) this.isAtEnd.value = true;
    else if (this.window.hasAfter.value) this.isAtEnd.value = false;
    this.loadNearby();
  }

  /** Goes to row `index` of the list as it is. */
  goTo(index: number, align: Align, offset = 0): void {
    const goal = this.goalAt(index, align, offset);
    if (!goal) return;
    this.goal = goal;
    void this.approach();
    void this.becomeStill(() => this.goal === goal).then(() => this.goal === goal && (this.goal = null));
  }

  goToEnd(): void {
    this.isAtEnd.value = true;
    this.goal = null;
    void this.approach();
  }

  /** The list has moved, by somebody or by itself. */
  moved(offset: number): void {
    if (this.isPlaced.value) {
      // Not where it was put: somebody goes elsewhere.
      if (this.goal && Math.abs(offset - this.goal.at) > 1) this.goal = null;
      // Away from the end is somebody's wish from its first pixel on: a row that is measured then must not undo it.
      const isAway = offset < this.lastOffset - 1 && this.distanceToEnd() > 1;
      if (isAway) this.isAtEnd.value = false;
      else if (this.isNearEnd()) this.isAtEnd.value = true;
    }
    this.lastOffset = offset;
    this.loadNearby();
  }

  /** Rows, or the place for them, have another size: the list is no longer where it is to be. */
  resized(): void {
    void this.approach();
    this.loadNearby();
  }

  /**
   * Puts the list to where it is to be, by the sizes that are known now: to its goal, to the end that it follows, else it
   * stays. A new row is only gone to when it has been measured: before, it would be to a wrong place for a moment.
   */
  private async approach(): Promise<void> {
    // The document has its new height then, and it is before the next paint.
    await nextTick();
    const { goal } = this;
    const [list, element] = [this.list.value, this.scroller.value];
    if (!list || !element) return;
    const index = goal ? this.rows().findIndex(({ key }) => key === goal.key) : -1;
    if (goal && index >= 0) {
      const room = list.viewportSize - list.getItemSize(index);
      const above = { start: 0, center: room / 2, end: room }[goal.align];
      element.scrollTop = list.getItemOffset(index) - above + goal.offset;
      goal.at = element.scrollTop;
    } else if (this.isAtEnd.value && this.distanceToEnd() > 0) {
      element.scrollTop = element.scrollHeight;
    }
  }

  /** Null: there is no such row, or all of it is seen, which is enough if it is to be as near as possible. */
  private goalAt(index: number, align: Align, offset: number): Goal | null {
    const key = this.rows()[index]?.key;
    const side = align === 'nearest' ? this.sideOf(index) : align;
    return key === undefined || side === null ? null : { key, align: side, offset, at: NaN };
  }

  /** The side of the screen on which row `index` is out of sight. */
  private sideOf(index: number): 'start' | 'end' | null {
    const list = this.list.value;
    if (!list) return null;
    const top = list.getItemOffset(index) - list.scrollOffset;
    if (top < 0) return 'start';
    return top + list.getItemSize(index) > list.viewportSize ? 'end' : null;
  }

  /** The end of what is loaded is not one to follow while there is more: it would be followed through the whole conversation. */
  private isNearEnd(): boolean {
    return this.distanceToEnd() <= endMargin && !this.window.hasAfter.value;
  }

  /** As the document has it: the virtual list tells of a move before it knows that there is more place, which has caused it. */
  private distanceToEnd(): number {
    const element = this.scroller.value;
    return element ? element.scrollHeight - element.clientHeight - element.scrollTop : 0;
  }

  /** On a small screen the search takes the place of the list, which has no sizes then. */
  private isHidden(): boolean {
    return this.scroller.value?.clientHeight === 0;
  }

  /** Loads what one may want to see next. What has failed is only tried again when asked for. */
  loadNearby(): void {
    const list = this.list.value;
    if (!list || !this.isPlaced.value || this.isHidden()) return;
    const { window } = this;
    const failed = window.failure.value?.what;
    window.readingAt = this.isAtEnd.value || this.distanceToEnd() < list.scrollOffset ? 'end' : 'start';
    if (list.scrollOffset < loadMargin && failed !== 'before') void window.loadBefore();
    if (this.distanceToEnd() < loadMargin && failed !== 'after') void window.loadAfter();
  }

  private async becomeStill(isWanted: () => boolean): Promise<void> {
    let [frames, still, before] = [0, 0, -1];
    while (frames < framesMax && still < stillFrames && isWanted()) {
      await nextFrame();
      // Its time begins when it is there to be placed.
      if (this.isHidden()) continue;
      frames += 1;
      const list = this.list.value;
      const now = list && list.viewportSize > 0 ? list.scrollOffset + list.scrollSize : -1;
      still = now >= 0 && now === before ? still + 1 : 0;
      before = now;
    }
  }
}
