import { describe, expect, it } from 'vitest';
import { sari } from '../../bench/sari';

describe('sari', () => {
  // the examples in the docstring of the original script (Xu et al. 2016, github.com/cocoxu/simplification)
  const source = 'About 95 species are currently accepted .';
  const references = [
    'About 95 species are currently known .',
    'About 95 species are now accepted .',
    '95 species are now accepted .',
  ];

  it.each([
    ['About 95 you now get in .', 26.8],
    ['About 95 species are now agreed .', 58.9],
    ['About 95 species are currently agreed .', 50.7],
  ])('%s', (output, expected) => {
    expect(sari(source, output, references).sari).toBeCloseTo(expected, 1);
  });
});
