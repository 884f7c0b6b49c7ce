/**
 * Every word a user reads, with message-tables.ts: there the words for one kind each, here those of the page and the
 * sentences made of them. Numbers and kinds come in, plain sentences go out.
 */
import type {
  Abbreviation,
  Attribute,
  Candidate,
  CodeSuggestion,
  Cue,
  Entity,
  ExplainedTerm,
  CodeDecision,
  ReviewedCode,
} from '../nlp/document';
import type { Notice } from '../state/desk.svelte';
import type { JobStatus, RuntimeChoice } from '../worker/api';
import { kindOf, standingsOf } from './findings';
import {
  actionWords,
  attributeWords,
  axisWords,
  deviceReasonWords,
  fileRejectionWords,
  flagWords,
  kindWords,
  needWords,
  routeWords,
  stageWords,
  standingWords,
  unitOfStage,
} from './message-tables';

/** Rows shown at a time in a list without end. */
export const PAGE_LENGTH = 200;

export const words = {
  appName: 'Plainchart',
  note: 'Note',
  notePlaceholder: 'Paste or type a clinical note here, or drop a text file.',
  readNote: 'Read note',
  readNoteKeys: 'Ctrl or ⌘ with Enter reads the note. Escape stops.',
  stop: 'Stop',
  edit: 'Edit',
  openFile: 'Open a text file',
  tryExample: 'Try an example',
  bringBack: 'Bring back my earlier text',
  dropHere: 'Drop the text file to open it',
  findings: 'Findings',
  codes: 'Codes',
  plain: 'Plain language',
  panels: 'Panels',
  close: 'Close',
  showMore: 'Show more',
  why: 'Why?',
  progress: 'Progress',
  howMarked: 'How words are marked',
  showInFindings: 'Show in Findings',
  privacyButton: 'Nothing is sent',
  privacyTitle: 'What leaves this device, and what stays',
  runtimeTitle: 'What runs where',
  findingsEmpty: 'What the note says appears here once it has been read.',
  findingsNone: 'No problems, medicines, tests, procedures or body parts were found in this note.',
  findingsWaiting: 'Findings appear here as they are read.',
  findingsStopped: 'Nothing had been found yet when reading ended.',
  codesEmpty: 'ICD-10-CM codes for the note appear here once it has been read.',
  codesNone: 'No code is suggested for this note.',
  codesWaiting: 'Codes come last, when every finding is known.',
  codesStopped: 'Reading was stopped before the codes. Press “Read note” for them.',
  caution: 'Suggestions to check, not a diagnosis and not advice.',
  notSuggested: 'Not suggested, and why',
  errorProne: 'Notation that is easily misread',
  errorProneSource: 'After the lists of the Joint Commission and of ISMP. The note is shown as it was written.',
  errorProneMeans: 'most likely',
  lessLikely: 'Less likely codes',
  otherCodes: 'Other codes for these words',
  accept: 'Accept',
  reject: 'Reject',
  useInstead: 'Use instead',
  useAnyway: 'Code it anyway',
  undo: 'Undo',
  addCode: 'Add to this note’s codes',
  addedCodes: 'Added by you',
  removeCode: 'Remove',
  setting: 'Coded as',
  outpatient: 'Outpatient',
  inpatient: 'Inpatient',
  codeNotes: 'Instructions of the code set',
  evidence: 'Because the note says',
  needs: 'Needs:',
  showNumber: 'Show the score',
  notBillable: 'not billable as it stands',
  copy: 'Copy codes',
  save: 'Save as JSON',
  print: 'Print',
  lookUp: 'Look up a code',
  lookUpHint: 'A word, a phrase or a code, for example heart attack',
  lookUpNone: 'No code matches these words.',
  lookUpSearching: 'Looking…',
  plainEmpty: 'The note in plain language appears here once it has been read.',
  plainWaiting: 'Plain language follows when the findings are known.',
  plainCaution: 'Each sentence is checked against the note. If a fact would change, the original words stay.',
  plainUnverified: 'Being written, not yet checked',
  plainKept: 'Kept in the original words:',
  readAloud: 'Read aloud',
  stopReading: 'Stop reading aloud',
  noVoice: 'This device has no English voice of its own to read aloud with.',
  largeType: 'Large type',
  getHelpIf: 'Get help if',
  whatNext: 'What to do next',
  medicinesToTake: 'Medicines in this note',
  medicinesCaution: 'As this note lists them. Take what your doctor or pharmacist told you.',
  rewriteOffer:
    'So far hard words are replaced one by one. A model can write whole sentences; each is checked against the note, and one that changes a fact is not shown.',
  gradeTitle: 'School grade needed to read it',
  gradeSource: 'Note',
  gradeOutput: 'Plain language',
  doseMissing: 'dose not given',
  frequencyMissing: 'how often not given',
  routeMissing: 'by which way not given',
  columnMedicine: 'Medicine',
  columnDose: 'Dose',
  columnRoute: 'How taken',
  columnFrequency: 'How often',
  whyNoCues: 'No word around it says otherwise, so it is read as present, now, and about the patient.',
  noSection: 'before the first heading',
} as const;

export const privacyWords: readonly { readonly title: string; readonly text: string }[] = [
  {
    title: 'What leaves this device: nothing',
    text: 'The note is read on this device. Neither the note nor what is found in it is sent anywhere.',
  },
  {
    title: 'What is fetched',
    text: 'The app, its models and its code list are downloaded from the place this page came from, once. After that the app works without a network.',
  },
  {
    title: 'What is stored',
    text: 'The downloaded models and the code list. The note is kept only while this page is open; closing or reloading the page forgets it. You keep a copy only where you copy, save or print it yourself.',
  },
  {
    title: 'Who reads aloud',
    text: 'A voice of this device, or none. Voices that a server speaks are never used.',
  },
  {
    title: 'How to check',
    text: 'Disconnect the network after the first reading and read another note.',
  },
];

/** What a highlight is, for those who cannot see it: "fever, problem, denied or not found". */
export function mentionText({ text, label, assertion }: Entity): string {
  return [
    text,
    kindWords[kindOf(label)].one,
    ...standingsOf(assertion).map((standing) => standingWords[standing].label),
  ].join(', ');
}

export const statusWords = {
  changed: 'The note was changed. Press “Read note” to read it again.',
  plainFailed: 'Plain language is missing.',
  done: 'Done.',
} as const;

export function noticeText(notice: Notice): string {
  switch (notice.kind) {
    case 'empty_note':
      return 'There is no note yet. Type or paste one, or try an example.';
    case 'file_rejected':
      return fileRejectionWords[notice.reason];
    case 'opened':
      return 'Opened. Press “Read note” to read it.';
    case 'restored':
      return 'Your earlier text is back.';
    case 'copied':
      return `${countText(notice.count, 'code')} copied.`;
    case 'copy_failed':
      return 'This browser did not allow copying. Use “Save as JSON” instead.';
    case 'saved':
      return 'Saved. The file contains words of the note.';
  }
}

/** "code_first:E11" -> "code E11 first"; an unknown need is shown as it is named. */
export function needText(need: string): string {
  const [name = need, code] = need.split(':');
  if (name === 'code_first' && code) return `code ${code} first`;
  return needWords[name] ?? (code ? `${name} ${code}` : name).replaceAll('_', ' ');
}

export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

export function megabytes(bytes: number): string {
  const size = bytes / 1_000_000;
  return size < 10 ? size.toFixed(1) : Math.round(size).toLocaleString('en');
}

/** What the offer costs is said before it is taken. */
export function rewriteText(bytes: number): string {
  return `Write whole sentences (${Math.round(bytes / 1e6)} MB, downloaded once)`;
}

export function downloadText(loadedBytes: number, totalBytes: number): string {
  if (loadedBytes >= totalBytes) return 'Starting the reading model…';
  const size = `${megabytes(loadedBytes)} of ${megabytes(totalBytes)} MB`;
  return `Fetching the reading model… ${size}. It is downloaded once and then kept on this device.`;
}

export function jobText(job: Extract<JobStatus, { kind: 'running' }>): string {
  const count = job.total > 0 ? ` ${job.done} of ${job.total} ${unitOfStage[job.stage]}` : '';
  return `${stageWords[job.stage]}…${count}`;
}

export function foundText(findings: number, codes: number): string {
  return `${countText(findings, 'finding')} and ${countText(codes, 'code')}.`;
}

/** Bounds set by eye until the scores are calibrated on a development set. */
export function confidenceText(score: number): 'strong' | 'fair' | 'weak' {
  if (score >= 0.8) return 'strong';
  return score >= 0.5 ? 'fair' : 'weak';
}

export function confidenceWords(score: number, numbered: boolean): string {
  return numbered ? `${confidenceText(score)}, ${score.toFixed(2)}` : confidenceText(score);
}

export function editionText(edition: string): string {
  return `ICD-10-CM ${edition}.`;
}

export function matchedText({ matched, score }: Candidate): string {
  return `matched “${matched}”, ${confidenceWords(score, true)}`;
}

export function originText({ origin }: ExplainedTerm): string {
  return `Source: ${origin}`;
}

/** "value: “9.2”, low": as it stands in the note, with what was read from it. */
export function attributeText({ type, text, flag }: Attribute): string {
  return `${attributeWords[type]}: “${text}”${flag ? `, ${flagWords[flag]}` : ''}`;
}

/** "stopped (“d/c'd”)", or nothing. */
export function actionText({ action }: Entity, note: string): string {
  return action ? `${actionWords[action.type]} (“${note.slice(action.start, action.end)}”)` : '';
}

/** Plain words first, the note's own after them, so that a wrong reading can be seen. */
export function routeText(attribute: Attribute): string {
  const plain = routeWords[attribute.text.toLowerCase().replaceAll('.', '')];
  return plain === undefined || plain === attribute.text ? attribute.text : `${plain} (${attribute.text})`;
}

export function frequencyText({ text, value, unit }: Attribute): string {
  if (unit !== '/d' || value === undefined || !Number.isInteger(value) || value < 1) return text;
  const plain = value === 1 ? 'once a day' : `${value} times a day`;
  return text.toLowerCase() === plain ? text : `${plain} (${text})`;
}

export function joinAttributes(attributes: readonly Attribute[], toText = ({ text }: Attribute) => text): string {
  return attributes.map(toText).join(', ');
}

/** Values, severity and side, as they stand in the note. */
export function attributesText({ attributes }: Entity): string {
  return joinAttributes(attributes.filter(({ type }) => type !== 'unit'));
}

/** A heading quoted in a sentence loses its colon. */
export function sectionTitleText(title: string): string {
  const trimmed = title.trim();
  return trimmed.endsWith(':') ? trimmed.slice(0, -1) : trimmed;
}

export function lineText(text: string, line: number, section: string): string {
  return `“${text}”, line ${line}, ${section}`;
}

export function cueText({ start, end, axis, rule }: Cue, text: string): string {
  return `“${text.slice(start, end)}” decides ${axisWords[axis]} (rule: ${rule}).`;
}

/** The words that decided, each once: “denies”, “no”. */
export function cuesText({ assertion }: Entity, text: string): string {
  const quotes = assertion.cues.map(({ start, end }) => `“${text.slice(start, end)}”`);
  return [...new Set(quotes)].join(', ');
}

/** What an abbreviation is read as, because of which words, and what else it may mean. */
export function abbreviationText(
  { long, score, evidence = [], alternatives = [] }: Abbreviation,
  text: string,
): string {
  const quotes = [...new Set(evidence.map(({ start, end }) => `“${text.slice(start, end)}”`))];
  const because = quotes.length === 0 ? '' : `, because of ${quotes.join(', ')}`;
  const others = alternatives.length === 0 ? '' : ` May also be ${alternatives.map((each) => each.long).join(', ')}.`;
  return `Stands for ${long}, ${confidenceText(score)}${because}.${others}`;
}

export function recognizedText({ label, score }: Entity): string {
  return `Read as a ${kindWords[kindOf(label)].one}, ${confidenceText(score)}, score ${score.toFixed(2)}.`;
}

/** Where there is no room for more; the full text goes along unseen. */
export function deviceShortText({ device }: RuntimeChoice): string {
  return device === 'webgpu' ? 'GPU' : 'CPU';
}

export function deviceText(choice: RuntimeChoice): string {
  if (choice.device === 'webgpu') return choice.reason === 'webgpu_checked' ? 'GPU, checked' : 'GPU';
  return `CPU, ${countText(choice.threads, 'thread')}`;
}

export function deviceReasonText(choice: RuntimeChoice): readonly string[] {
  const reason = deviceReasonWords[choice.reason];
  const single = choice.device === 'wasm' && choice.threads === 1 && !choice.crossOriginIsolated;
  return single
    ? [reason, 'This page may use only one thread here, because it is not isolated from other pages.']
    : [reason];
}

export function gradeText(fkgl: number): string {
  return `grade ${Math.max(0, fkgl).toFixed(1)}`;
}

/** The list as the reader left it, as lines of text for the clipboard. What a suggestion still needs stands beside it. */
export function codesText(
  list: readonly ReviewedCode[],
  suggested: readonly CodeSuggestion[],
  edition: string,
): string {
  const needs = new Map(suggested.map((suggestion) => [suggestion.code, suggestion.needs]));
  const lines = list.map(({ code, display }) => {
    const missing = needs.get(code) ?? [];
    return `${code}\t${display}${missing.length > 0 ? ` (needs: ${missing.map(needText).join(', ')})` : ''}`;
  });
  return [`ICD-10-CM ${edition}`, words.caution, ...lines].join('\n');
}

export function decisionText(decision: CodeDecision): string {
  if (decision.kind === 'replaced') return `Replaced by ${decision.by.code} ${decision.by.display}`;
  return decision.kind === 'accepted' ? 'Accepted by you' : 'Rejected by you';
}

export function guidelineText(section: string): string {
  return `Guideline ${section}`;
}
