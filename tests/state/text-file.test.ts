import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNote, FILE_LIMIT_BYTES, readTextFile } from '../../src/state/text-file';

const bytes = (...units: number[]) => new Uint8Array(units);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('decodeNote', () => {
  it.each([
    ['UTF-8', utf8('œdème 37.5 °C'), 'œdème 37.5 °C'],
    ['windows-1252', bytes(0x33, 0x37, 0xb0, 0x43), '37°C'],
    ['UTF-16 little endian', bytes(0xff, 0xfe, 0x68, 0, 0x69, 0), 'hi'],
    ['UTF-16 big endian', bytes(0xfe, 0xff, 0, 0x68, 0, 0x69), 'hi'],
    ['line ends as they are', utf8('a\r\n\tb\f'), 'a\r\n\tb\f'],
  ])('reads %s', (_name, input, text) => {
    expect(decodeNote(input)).toEqual({ kind: 'text', text });
  });

  it.each([
    ['nothing', bytes(), 'empty'],
    ['white space', utf8(' \n '), 'empty'],
    ['zero bytes', bytes(0x50, 0, 0x51), 'not_text'],
    ['a PNG', bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0), 'not_text'],
    ['a PDF', utf8('%PDF-1.7'), 'not_text'],
    ['RTF', utf8('{\\rtf1 x}'), 'not_text'],
    ['control characters', bytes(0x41, 1, 2, 3, 4), 'not_text'],
  ])('refuses %s', (_name, input, reason) => {
    expect(decodeNote(input)).toEqual({ kind: 'rejected', reason });
  });

  it('gives printable text back unchanged', () => {
    const printable = fc
      .string({ unit: 'grapheme-composite', minLength: 1 })
      .filter((text) => /^[^\p{C}%{<]/u.test(text));
    fc.assert(
      fc.property(printable, (text) => {
        const reading = decodeNote(utf8(text));
        expect(reading).toEqual(text.trim() === '' ? { kind: 'rejected', reason: 'empty' } : { kind: 'text', text });
      }),
    );
  });
});

describe('readTextFile', () => {
  it('refuses a file over the limit without reading it', async () => {
    const file = { size: FILE_LIMIT_BYTES + 1, arrayBuffer: () => Promise.reject(new Error('read')) };
    expect(await readTextFile(file as unknown as Blob)).toEqual({ kind: 'rejected', reason: 'too_large' });
  });

  it('says so when the disk does not answer', async () => {
    const file = { size: 1, arrayBuffer: () => Promise.reject(new Error('read')) };
    expect(await readTextFile(file as unknown as Blob)).toEqual({ kind: 'rejected', reason: 'unreadable' });
  });
});
