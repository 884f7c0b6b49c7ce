/** "Metastatic breast cancer to bone and liver": each site has its secondary code (guideline I.C.2.b, neoplasm table). */
import type { Document } from '../document';
import neoplasms from '../rules/coding-neoplasms.json';
import type { CodeSet } from './code-set';
import { candidateFor, names, type Mention } from './mentions';

/** Characters before the entity in which "metastatic" may stand, and after it in which the sites may. */
const [BEFORE, AFTER] = [24, 80];

/** The words after "to" where the text says that the neoplasm has spread. */
function sitesAfter({ start, end }: Mention['entity'], text: string): string | undefined {
  const said = text.slice(Math.max(0, start - BEFORE), end);
  const after = /^[^.;\n]*/.exec(text.slice(end, end + AFTER))![0];
  const isSpread = /metasta/i.test(said) || /^ *(?:,? with)? *(?:metastas|mets\b|metastatic)/i.test(after);
  return isSpread ? /\bto\b(.*)/i.exec(after)?.[1] : undefined;
}

/** Only for neoplasms that are coded: what is denied or past has spread nowhere. */
export function secondaryNeoplasms(problems: readonly Mention[], document: Document, codeSet: CodeSet): Mention[] {
  return problems
    .filter(({ candidate, reason }) => reason === null && candidate.code.startsWith('C'))
    .flatMap((mention) => {
      const sites = sitesAfter(mention.entity, document.text);
      if (sites === undefined) return [];
      return neoplasms.secondary
        .filter(({ words }) => names(sites, words))
        .map(({ code }): Mention => {
          const candidate = candidateFor(code, mention.candidate, codeSet);
          return { entity: mention.entity, candidate, reason: null, guideline: 'I.C.2.b' };
        });
    });
}
