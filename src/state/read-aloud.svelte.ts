/**
 * Reads texts aloud, one after the other, with a voice that the device itself speaks. Voices that a server speaks
 * (`localService` false) would send the note away: they are never used, not even where there is no other.
 */
export interface SpokenText {
  /** Names the text while it is read: where its sentence begins in the note. */
  readonly at: number;
  readonly text: string;
}

/** What is used of the browser's speech synthesis; absent in some browsers. */
export type Synthesis = Pick<SpeechSynthesis, 'getVoices' | 'speak' | 'cancel' | 'addEventListener'>;

const LANGUAGE = /^en\b/i;

export class ReadAloud {
  /** The text that is being read; null in silence. */
  speaking = $state<number | null>(null);
  /** False until the device has named a voice of its own for English. */
  available = $state(false);
  readonly #synthesis: Synthesis | undefined;
  /** Of the reading that goes on; what an older one still reports is no longer heard. */
  #turn = 0;
  /** Kept, because browsers drop utterances that nothing refers to, and their end with them. */
  #utterance: SpeechSynthesisUtterance | null = null;

  constructor(synthesis: Synthesis | undefined) {
    this.#synthesis = synthesis;
    this.#look();
    // Voices are named some time after the page has loaded.
    synthesis?.addEventListener('voiceschanged', () => {
      this.#look();
    });
  }

  read(texts: readonly SpokenText[]): void {
    this.stop();
    this.#next(texts, 0, this.#turn);
  }

  stop(): void {
    this.#turn += 1;
    this.speaking = null;
    this.#utterance = null;
    this.#synthesis?.cancel();
  }

  #look(): void {
    this.available = this.#voice() !== undefined;
  }

  #voice(): SpeechSynthesisVoice | undefined {
    const own = (this.#synthesis?.getVoices() ?? []).filter(
      ({ localService, lang }) => localService && LANGUAGE.test(lang),
    );
    return own.find((voice) => voice.default) ?? own[0];
  }

  #next(texts: readonly SpokenText[], index: number, turn: number): void {
    const next = texts[index];
    const voice = this.#voice();
    if (next === undefined || voice === undefined || this.#synthesis === undefined) {
      this.speaking = null;
      return;
    }
    const utterance = new SpeechSynthesisUtterance(next.text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.onend = () => {
      if (turn === this.#turn) this.#next(texts, index + 1, turn);
    };
    utterance.onerror = () => {
      if (turn === this.#turn) this.stop();
    };
    this.#utterance = utterance;
    this.speaking = next.at;
    this.#synthesis.speak(utterance);
  }
}
