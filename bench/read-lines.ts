/** Gzipped JSON Lines of the evaluation data. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export function readLines<Row>(file: string): Row[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

/** Gold offsets count code points; ours count UTF-16 units: index by the former, get the latter. */
export function utf16Offsets(text: string): number[] {
  const offsets = [0];
  for (const codePoint of text) offsets.push(offsets.at(-1)! + codePoint.length);
  return offsets;
}

export const decimals = (value: number): string => value.toFixed(3);
