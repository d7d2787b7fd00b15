import type { ServerConfig } from '@/api/types';

export type MessageLimits = Pick<
  ServerConfig['limits'],
  'message_length' | 'attachment_bytes' | 'attachments_per_message'
>;

/** From this many characters before the limit on, what is left is shown. */
export const countdownFrom = 500;

// The server refuses them, and nobody sees them: they come along when text is pasted.
const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A message as the server keeps it: no white space around it, no control characters but newlines and tabs. */
export const cleanBody = (text: string): string => text.replace(/\r\n?/g, '\n').replace(controlCharacters, '').trim();

/** How many characters (code points, as the server counts) may be added to `text`; negative when it is too long. */
export function charactersLeft(text: string, limit: number): number {
  // A code point is one or two units: far from the limit nobody needs to count.
  if (text.length <= limit - countdownFrom) return limit - text.length;
  return limit - [...cleanBody(text)].length;
}

/** Why a file is not attached. */
export type FileComplaint = { kind: 'too_many' } | { kind: 'too_large' | 'empty'; name: string };

export interface FileChoice {
  accepted: File[];
  complaints: FileComplaint[];
}

/** Which of the `added` files go with the `knownCount` that are attached already. */
export function chooseFiles(knownCount: number, added: readonly File[], limits: MessageLimits): FileChoice {
  const choice: FileChoice = { accepted: [], complaints: [] };
  for (const file of added) {
    const complaint = complaintAbout(file, knownCount + choice.accepted.length, limits);
    if (complaint === null) choice.accepted.push(file);
    else choice.complaints.push(complaint);
    if (complaint?.kind === 'too_many') break;
  }
  return choice;
}

function complaintAbout(file: File, count: number, limits: MessageLimits): FileComplaint | null {
  if (file.size === 0) return { kind: 'empty', name: file.name };
  if (file.size > limits.attachment_bytes) return { kind: 'too_large', name: file.name };
  return count >= limits.attachments_per_message ? { kind: 'too_many' } : null;
}
