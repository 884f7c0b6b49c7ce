import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordTrie, type TriePlace } from '../../src/inference/word-trie';

/** Letters are tokens here: "_" before a word is its space, "." ends a sentence, "," does not, "$" ends the text. */
const code = (letter: string): number => letter.charCodeAt(0);
const tokens = (text: string): number[] => Array.from(text, code);

function trieOf(...words: readonly string[]): WordTrie {
  const heads = words.map((word) => word[0]!.toUpperCase() + word.slice(1));
  const sequences = (forms: readonly string[]) => ({
    spaced: forms.map((form) => tokens(`_${form}`)),
    bare: forms.map(tokens),
  });
  const marks = new Set(tokens('.,'));
  return new WordTrie({
    words: sequences(words),
    heads: sequences(heads),
    marks,
    stops: new Set(tokens('.')),
    end: code('$'),
  });
}

function accepts(trie: WordTrie, text: string): boolean {
  let place: TriePlace = WordTrie.START;
  for (const id of tokens(text)) {
    if (!trie.allowed(place).has(id)) return false;
    place = trie.advance(place, id);
  }
  return trie.allowed(place).has(code('$'));
}

describe('WordTrie', () => {
  it.each<[string, boolean]>([
    ['heart_attack', true],
    ['Heart_attack.', true],
    ['heart_attack._Heart', true],
    ['heart,_attack', true],
    ['heart,attack', true],
    ['heart_Attack', false],
    ['heartattack', false],
    ['hear', false],
    ['heartburn_attack', true],
    ['heart_attach', false],
    ['', true],
  ])('%s: %s', (text, expected) => {
    expect(accepts(trieOf('heart', 'heartburn', 'attack'), text)).toBe(expected);
  });

  it('lets any of its words follow any other, and always goes on', () => {
    const words = ['a', 'ab', 'abc', 'ba'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }), (said) => {
        const trie = trieOf(...words);
        expect(accepts(trie, said.join('_'))).toBe(true);
        let place: TriePlace = WordTrie.START;
        for (const id of tokens(said.join('_'))) {
          expect(trie.allowed(place).size).toBeGreaterThan(0);
          place = trie.advance(place, id);
        }
      }),
    );
  });
});
