/**
 * Which token may come next when only certain words may be written. A small decoder misspells rare words and puts in
 * diagnoses that nobody made; held to the words of its draft and to those that join them it can do neither
 * (constrained decoding by a trie of tokens, as in De Cao et al. 2021, Autoregressive entity retrieval).
 */
interface Node {
  readonly children: Map<number, Node>;
  /** A word ends here. */
  ends: boolean;
}

/** Where a text stands: within words, between two, or both ("heart" may go on to "heartburn"). */
export interface TriePlace {
  readonly within: readonly Node[];
  readonly isBetween: boolean;
  /** A word without a space before it may begin: at the start and after a mark. */
  readonly isOpen: boolean;
  /** A sentence begins: words may be written with a capital that they do not have elsewhere. */
  readonly isHead: boolean;
}

/** Tokens of each word, with a space before it and without. */
export interface WordTokens {
  readonly spaced: Iterable<readonly number[]>;
  readonly bare: Iterable<readonly number[]>;
}

export interface TrieParts {
  readonly words: WordTokens;
  /** The same words with a capital. */
  readonly heads: WordTokens;
  /** Tokens that stand between words: full stop, comma, bracket; `stops` are those behind which a sentence begins. */
  readonly marks: ReadonlySet<number>;
  readonly stops: ReadonlySet<number>;
  /** The token that ends the text; it may come between words. */
  readonly end: number;
}

function buildTrie(sequences: Iterable<readonly number[]>): Node {
  const root: Node = { children: new Map(), ends: false };
  for (const sequence of sequences) {
    let node = root;
    for (const id of sequence) {
      const next = node.children.get(id) ?? { children: new Map<number, Node>(), ends: false };
      node.children.set(id, next);
      node = next;
    }
    if (sequence.length > 0) node.ends = true;
  }
  return root;
}

export class WordTrie {
  static readonly START: TriePlace = { within: [], isBetween: true, isOpen: true, isHead: true };
  readonly #words: { readonly spaced: Node; readonly bare: Node };
  readonly #heads: { readonly spaced: Node; readonly bare: Node };
  readonly #parts: Pick<TrieParts, 'marks' | 'stops' | 'end'>;

  constructor({ words, heads, ...parts }: TrieParts) {
    this.#words = { spaced: buildTrie(words.spaced), bare: buildTrie(words.bare) };
    this.#heads = { spaced: buildTrie(heads.spaced), bare: buildTrie(heads.bare) };
    this.#parts = parts;
  }

  /** Never empty: between words the text may end, within one it goes on. */
  allowed(place: TriePlace): ReadonlySet<number> {
    const ids = new Set(place.within.flatMap(({ children }) => [...children.keys()]));
    for (const { children } of this.#beginnings(place)) for (const id of children.keys()) ids.add(id);
    if (!mayBegin(place)) return ids;
    for (const id of this.#parts.marks) ids.add(id);
    return ids.add(this.#parts.end);
  }

  /** @param id one of `allowed` */
  advance(place: TriePlace, id: number): TriePlace {
    const within = [...place.within, ...this.#beginnings(place)].flatMap(({ children }) => children.get(id) ?? []);
    const isMark = mayBegin(place) && this.#parts.marks.has(id);
    return { within, isBetween: isMark, isOpen: isMark, isHead: isMark && this.#parts.stops.has(id) };
  }

  /** Tries of the words that may begin here. */
  #beginnings(place: TriePlace): Node[] {
    if (!mayBegin(place)) return [];
    const sources = place.isHead ? [this.#words, this.#heads] : [this.#words];
    const isOpen = place.isBetween && place.isOpen;
    return sources.flatMap(({ spaced, bare }) => (isOpen ? [spaced, bare] : [spaced]));
  }
}

const mayBegin = ({ isBetween, within }: TriePlace): boolean => isBetween || within.some(({ ends }) => ends);
