import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReadAloud, type Synthesis } from '../../src/state/read-aloud.svelte';

interface FakeUtterance {
  readonly text: string;
  voice: SpeechSynthesisVoice | null;
  lang: string;
  onend: (() => void) | null;
  onerror: (() => void) | null;
}

const voice = (name: string, parts: Partial<SpeechSynthesisVoice> = {}): SpeechSynthesisVoice => ({
  ...{ name, voiceURI: name, lang: 'en-GB', localService: true, default: false },
  ...parts,
});

class FakeSynthesis {
  voices: SpeechSynthesisVoice[] = [];
  readonly spoken: FakeUtterance[] = [];
  cancelled = 0;
  changed: () => void = () => undefined;
  getVoices = () => this.voices;
  speak = (utterance: SpeechSynthesisUtterance) => this.spoken.push(utterance as unknown as FakeUtterance);
  cancel = () => (this.cancelled += 1);
  addEventListener = (_: string, listener: () => void) => (this.changed = listener);
}

const asSynthesis = (fake: FakeSynthesis): Synthesis => fake as unknown as Synthesis;

const TEXTS = [
  { at: 0, text: 'You have no fever.' },
  { at: 12, text: 'Take one tablet.' },
];

describe('ReadAloud', () => {
  beforeEach(() => {
    vi.stubGlobal(
      'SpeechSynthesisUtterance',
      class {
        voice = null;
        lang = '';
        onend = null;
        onerror = null;
        constructor(readonly text: string) {}
      },
    );
  });
  afterEach(() => vi.unstubAllGlobals());

  it('is not available without speech', () => {
    expect(new ReadAloud(undefined).available).toBe(false);
  });

  it.each`
    voices                                                                             | expected
    ${[]}                                                                              | ${null}
    ${[voice('cloud', { localService: false, default: true })]}                        | ${null}
    ${[voice('anna', { lang: 'de-DE' })]}                                              | ${null}
    ${[voice('cloud', { localService: false }), voice('own')]}                         | ${'own'}
    ${[voice('first'), voice('second', { default: true })]}                            | ${'second'}
    ${[voice('enough', { lang: 'en' }), voice('anna', { default: true, lang: 'de' })]} | ${'enough'}
  `('reads with $expected', ({ voices, expected }) => {
    const fake = new FakeSynthesis();
    fake.voices = voices as SpeechSynthesisVoice[];
    const aloud = new ReadAloud(asSynthesis(fake));
    expect(aloud.available).toBe(expected !== null);
    aloud.read(TEXTS);
    expect(fake.spoken.map((utterance) => utterance.voice?.name ?? null)).toEqual(expected === null ? [] : [expected]);
    expect(aloud.speaking).toBe(expected === null ? null : 0);
  });

  it('finds voices that are named later', () => {
    const fake = new FakeSynthesis();
    const aloud = new ReadAloud(asSynthesis(fake));
    fake.voices = [voice('late')];
    fake.changed();
    expect(aloud.available).toBe(true);
  });

  it('reads one text after the other and then is silent', () => {
    const fake = new FakeSynthesis();
    fake.voices = [voice('own')];
    const aloud = new ReadAloud(asSynthesis(fake));
    aloud.read(TEXTS);
    fake.spoken[0]!.onend!();
    expect(aloud.speaking).toBe(12);
    fake.spoken[1]!.onend!();
    expect(aloud.speaking).toBeNull();
    expect(fake.spoken.map(({ text }) => text)).toEqual(TEXTS.map(({ text }) => text));
  });

  it('stops at once, and what the old reading reports then is not heard', () => {
    const fake = new FakeSynthesis();
    fake.voices = [voice('own')];
    const aloud = new ReadAloud(asSynthesis(fake));
    aloud.read(TEXTS);
    aloud.stop();
    expect(fake.cancelled).toBeGreaterThan(0);
    fake.spoken[0]!.onend!();
    expect(aloud.speaking).toBeNull();
    expect(fake.spoken).toHaveLength(1);
  });

  it('is silent after an error of the voice', () => {
    const fake = new FakeSynthesis();
    fake.voices = [voice('own')];
    const aloud = new ReadAloud(asSynthesis(fake));
    aloud.read(TEXTS);
    fake.spoken[0]!.onerror!();
    expect(aloud.speaking).toBeNull();
  });
});
