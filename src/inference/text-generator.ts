/**
 * A small decoder behind a plain function: a prompt in, the likeliest continuation out, token by token. The loop is ours
 * so that every token can be shown and the work stopped between two; the keys and values of the past are kept.
 */
import { AutoModelForCausalLM, AutoTokenizer, DynamicCache, Tensor } from '@huggingface/transformers';
import { answerFrom, type SessionSettings } from './model-files';
import { WordTrie, type WordTokens } from './word-trie';

export interface GenerationRequest {
  readonly prompt: string;
  /** The only words that may be written; others than words are free. All, where it is left out. */
  readonly words?: readonly string[];
  /** Tokens after which an unfinished answer is given up. */
  readonly limit: number;
  /** Awaited after each token with the text so far, so that the caller can show it, yield, or stop by throwing. */
  readonly onText: (text: string) => Promise<void>;
}

export interface TextGenerator {
  /** @returns null where the answer did not end within the limit. */
  generate(request: GenerationRequest): Promise<string | null>;
  /** The logits of the first `count` tokens of the vocabulary after a prompt: what a golden result is compared by. */
  score(ids: readonly number[], count: number): Promise<Float32Array>;
}

const MODEL_ID = 'simplifier';
const END = '<|im_end|>';

/** `present.LAYER.key` and `.value` beside the logits, as optimum names them. */
type Outputs = Readonly<Record<string, Tensor>> & { readonly logits: Tensor };
/** What transformers.js offers beside its types. */
interface CausalModel {
  forward(inputs: Record<string, unknown>): Promise<Outputs>;
}

/** What the model said of the tokens so far, as it wants to be told it again. */
function pastOf(outputs: Outputs): DynamicCache {
  const present = Object.entries(outputs).filter(([name]) => name.startsWith('present'));
  return new DynamicCache(Object.fromEntries(present.map(([name, tensor]) => [pastName(name), tensor])));
}

const pastName = (name: string): string => name.replace('present', 'past_key_values');

function lastRow({ logits }: Outputs): Float32Array {
  const width = logits.dims.at(-1)!;
  const data = logits.data as Float32Array;
  return data.subarray(data.length - width);
}

function likeliest(row: Float32Array, among: Iterable<number>): number {
  let best: number | undefined;
  for (const index of among) if (best === undefined || row[index]! > row[best]!) best = index;
  return best!;
}

/** What may stand between words. */
const MARKS = [
  ').',
  '),',
  ');',
  '):',
  '%.',
  '%,',
  '".',
  '."',
  ',"',
  '%)',
  '")',
  '?)',
  '--',
  '->',
  '...',
  '.',
  ',',
  ';',
  ':',
  '(',
  ')',
  '?',
  '!',
  '"',
  "'",
  '-',
  '/',
  '%',
  '+',
  '>',
  '<',
  '=',
  '#',
  '&',
  '*',
  '[',
  ']',
];

function inputsFor(ids: readonly number[], total: number): Record<string, Tensor> {
  return {
    input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
    attention_mask: new Tensor('int64', new BigInt64Array(total).fill(1n), [1, total]),
  };
}

/** A trie of the words of one sentence after another. */
function makeTrieFactory(encode: (text: string) => number[], end: number): (words: readonly string[]) => WordTrie {
  const known = new Map<string, readonly number[]>();
  const single = (text: string): number[] => {
    const ids = encode(text);
    return ids.length === 1 ? ids : [];
  };
  const tokensOf = (written: readonly string[]): Set<number> =>
    new Set(written.flatMap((mark) => [...single(mark), ...single(` ${mark}`)]));
  const [marks, stops] = [tokensOf(MARKS), tokensOf(MARKS.filter((mark) => /[.:?!]$/.test(mark)))];

  /** Words repeat from sentence to sentence: their tokens are looked up once. */
  function idsOf(text: string): readonly number[] {
    const ids = known.get(text) ?? encode(text);
    known.set(text, ids);
    return ids;
  }

  return (words) => {
    const tokens = (forms: readonly string[]): WordTokens => ({
      spaced: forms.map((form) => idsOf(` ${form}`)),
      bare: forms.map(idsOf),
    });
    const heads = words.map((word) => word[0]!.toUpperCase() + word.slice(1));
    return new WordTrie({ words: tokens(words), heads: tokens(heads), marks, stops, end });
  };
}

/** @throws whatever the runtime throws: without the decoder the glossary's wording stays. */
export async function loadTextGenerator(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  { device, executionProviders, dtype }: SessionSettings,
): Promise<TextGenerator> {
  answerFrom(files);
  const tokenizer = await AutoTokenizer.from_pretrained(MODEL_ID);
  const model = (await AutoModelForCausalLM.from_pretrained(MODEL_ID, {
    device,
    dtype,
    session_options: { executionProviders: [...executionProviders] },
  })) as unknown as CausalModel;
  const encode = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false });
  const [end] = encode(END);
  const firsts = new Map<number, Outputs>();
  const trieOf = makeTrieFactory(encode, end!);

  /**
   * Reads a prompt. Its first token has activations a thousand times those of the others (Sun et al. 2024, Massive
   * activations in large language models); read apart it does not coarsen their int8 steps, and it is read only once.
   */
  async function read(ids: readonly number[]): Promise<Outputs> {
    const [head, rest] = [ids[0]!, ids.slice(1)];
    const first = firsts.get(head) ?? (await model.forward({ ...inputsFor([head], 1), past_key_values: null }));
    firsts.set(head, first);
    return model.forward({ ...inputsFor(rest, ids.length), past_key_values: pastOf(first) });
  }

  return {
    async generate({ prompt, words, limit, onText }) {
      const answer: number[] = [];
      const ids = encode(prompt);
      const trie = words === undefined ? null : trieOf(words);
      let place = WordTrie.START;
      let outputs = await read(ids);
      while (answer.length < limit) {
        const row = lastRow(outputs);
        const next = likeliest(row, trie === null ? row.keys() : trie.allowed(place));
        place = trie === null ? place : trie.advance(place, next);
        if (next === end) return tokenizer.decode(answer, { skip_special_tokens: true }).trim();
        answer.push(next);
        await onText(tokenizer.decode(answer, { skip_special_tokens: true }));
        outputs = await model.forward({
          ...inputsFor([next], ids.length + answer.length),
          past_key_values: pastOf(outputs),
        });
      }
      return null;
    },
    async score(ids, count) {
      return lastRow(await read(ids)).slice(0, count);
    },
  };
}
