/** The longer side of a picture in the list, in pixels. */
const pictureSideMax = 320;
/** What a picture is taken for that does not say how large it is. */
const unknownSize = { width: 320, height: 240 };

/** The place of a picture in the list before it is there, so that nothing moves when it comes. */
export function pictureBox(width: number | null, height: number | null): Record<'inlineSize' | 'aspectRatio', string> {
  const size = width && height ? { width, height } : unknownSize;
  const scale = Math.min(1, pictureSideMax / Math.max(size.width, size.height));
  return { inlineSize: `${Math.round(size.width * scale)}px`, aspectRatio: `${size.width} / ${size.height}` };
}
