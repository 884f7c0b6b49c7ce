/**
 * npx tsx bench/calibrate-scores.ts: fits for each label how the score of a span becomes the share of such spans that are
 * right (Platt 1999, two numbers a label), on our development notes, and writes it to models/entities/scheme.json. Run
 * training/manifest.py after it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { checkoutStore } from '../batch/local-artefacts';
import { loadRecognizer } from '../src/inference/engine-parts';
import { openNodeRuntime } from '../src/inference/node-runtime';
import { makeDocument } from '../src/nlp/document';
import { sectionize } from '../src/nlp/sections';
import { sentencize } from '../src/nlp/sentences';
import { logit, sigmoid, type TagScheme } from '../src/nlp/tags';
import { readMarkedNotes } from './marked-notes';

const SCHEME = 'models/entities/scheme.json';
const [STEPS, RATE, PULL] = [4000, 0.3, 0.001];

interface Judged {
  readonly x: number;
  readonly right: number;
}

/** Slope and offset by gradient descent; a slope of 1 is preferred where there is little to learn from. */
function fit(judged: readonly Judged[]): [number, number] {
  let [slope, offset] = [1, 0];
  for (let step = 0; step < STEPS; step++) {
    const errors = judged.map(({ x, right }) => sigmoid(slope * x + offset) - right);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    slope -= RATE * (mean(errors.map((error, index) => error * judged[index]!.x)) + PULL * (slope - 1));
    offset -= RATE * mean(errors);
  }
  return [Number(slope.toFixed(3)), Number(offset.toFixed(3))];
}

const scheme = JSON.parse(readFileSync(SCHEME, 'utf8')) as TagScheme;
const recognize = await loadRecognizer(checkoutStore(), 'q8', await openNodeRuntime('native'));
const byLabel = new Map<string, Judged[]>();
for (const { note } of readMarkedNotes('training/entities/notes', 'dev')) {
  const { entities } = await recognize(sentencize(sectionize(makeDocument(note.text))), () => Promise.resolve());
  const gold = new Set(note.entities.map(({ start, end, label }) => `${start}-${end}-${label}`));
  for (const { start, end, label, score } of entities) {
    // what the scheme has made of the probability already is undone
    const [slope, offset] = scheme.calibration?.[label] ?? [1, 0];
    const judged = { x: (logit(score) - offset) / slope, right: Number(gold.has(`${start}-${end}-${label}`)) };
    byLabel.set(label, [...(byLabel.get(label) ?? []), judged]);
  }
}
const calibration = Object.fromEntries([...byLabel].sort().map(([label, judged]) => [label, fit(judged)]));
writeFileSync(SCHEME, `${JSON.stringify({ ...scheme, calibration })}\n`);
console.log(calibration);
