/** Between the picker and what it belongs to, and to the edges of the screen, in pixels. */
const gap = 8;

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Size {
  width: number;
  height: number;
}

const clamp = (value: number, min: number, max: number): number => Math.max(min, Math.min(value, max));

/** Where something of `size` goes on `screen` so that it stands above `anchor`, else below it, and is seen whole. */
export function placeBeside(anchor: Box, size: Size, screen: Size): { left: number; top: number } {
  const above = anchor.top - gap - size.height;
  const top = above >= gap ? above : anchor.bottom + gap;
  const middle = (anchor.left + anchor.right) / 2;
  return {
    left: clamp(middle - size.width / 2, gap, Math.max(gap, screen.width - size.width - gap)),
    top: clamp(top, gap, Math.max(gap, screen.height - size.height - gap)),
  };
}
