import type { Attachment } from '@/api/types';

export type AttachmentKind = 'image' | 'audio' | 'video' | 'file';

/** What every browser in use shows by itself; other types of these kinds are files to download. */
const shown: Record<string, AttachmentKind> = {
  'image/avif': 'image',
  'image/gif': 'image',
  'image/jpeg': 'image',
  'image/png': 'image',
  'image/webp': 'image',
  'audio/aac': 'audio',
  'audio/mp4': 'audio',
  'audio/mpeg': 'audio',
  'audio/ogg': 'audio',
  'audio/wav': 'audio',
  'audio/webm': 'audio',
  'video/mp4': 'video',
  'video/ogg': 'video',
  'video/webm': 'video',
};

/** How a file is shown. */
export const kindOf = (mediaType: string): AttachmentKind => shown[mediaType] ?? 'file';

export const isPicture = (attachment: Attachment): boolean => kindOf(attachment.media_type) === 'image';

/** A picture without a thumbnail is loaded whole up to this size, in bytes. */
const wholeBytesMax = 500_000;

/** Where a picture is to be had for the list; null while it is too large and has no thumbnail yet. */
export const picturePath = ({ thumbnail_url, url, size }: Attachment): string | null =>
  thumbnail_url ?? (size <= wholeBytesMax ? url : null);
