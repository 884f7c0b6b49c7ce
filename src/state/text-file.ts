/** Opening a file as a note: plain text or a reason why not. The file never leaves this page. */

export type FileRejection = 'too_large' | 'not_text' | 'empty' | 'unreadable';

export type FileReading =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'rejected'; readonly reason: FileRejection };

/** Twice the largest note the app promises to read. */
export const FILE_LIMIT_BYTES = 2 * 1024 * 1024;

/** Formats that start like text but are not a note. */
const FORMAT_MARKS = ['%PDF', '{\\rtf', '<!DOCTYPE', '<html', '<?xml'];

/** Share of control characters above which the bytes are taken for a program or a picture, not for writing. */
const CONTROL_SHARE = 0.01;

export async function readTextFile(file: Blob): Promise<FileReading> {
  if (file.size > FILE_LIMIT_BYTES) return reject('too_large');
  try {
    return decodeNote(new Uint8Array(await file.arrayBuffer()));
  } catch {
    return reject('unreadable');
  }
}

export function decodeNote(bytes: Uint8Array): FileReading {
  const text = decode(bytes);
  if (text.trim() === '') return reject('empty');
  return looksLikeText(text) ? { kind: 'text', text } : reject('not_text');
}

/** UTF-8, UTF-16 by its byte order mark, else windows-1252: what hospital systems still export. */
function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function looksLikeText(text: string): boolean {
  if (FORMAT_MARKS.some((mark) => text.startsWith(mark))) return false;
  let controls = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0) return false;
    if (unit < 9 || (unit > 13 && unit < 32)) controls += 1;
  }
  return controls <= text.length * CONTROL_SHARE;
}

function reject(reason: FileRejection): FileReading {
  return { kind: 'rejected', reason };
}
