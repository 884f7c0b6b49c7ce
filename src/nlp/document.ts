/**
 * The document model: a frozen text and layers of half-open UTF-16 spans into it.
 *
 * Every stage of the pipeline takes a Document and returns a new one with one more layer; none changes the text.
 * `Analysis` is the public shape of the result (worker, JSON export, batch): see docs/analysis.schema.json, which is
 * generated from the types below.
 */

/** Half-open range [start, end) of UTF-16 code units into the document's text exactly as given. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type EntityLabel = 'DISORDER' | 'SYMPTOM' | 'MEDICATION' | 'PROCEDURE' | 'TEST' | 'ANATOMY';

export type Presence = 'present' | 'absent' | 'possible';
export type Temporality = 'current' | 'historical' | 'hypothetical';
export type Experiencer = 'patient' | 'family' | 'other';
export type AssertionAxis = 'presence' | 'temporality' | 'experiencer';

export type SectionCategory =
  | 'chief_complaint'
  | 'history_of_present_illness'
  | 'past_medical_history'
  | 'past_surgical_history'
  | 'family_history'
  | 'social_history'
  | 'medications'
  | 'allergies'
  | 'immunizations'
  | 'review_of_systems'
  | 'physical_exam'
  | 'vital_signs'
  | 'results'
  | 'imaging'
  | 'procedures'
  | 'hospital_course'
  | 'assessment'
  | 'plan'
  | 'assessment_and_plan'
  | 'diagnoses'
  | 'discharge_medications'
  | 'discharge_instructions'
  | 'follow_up'
  | 'subjective'
  | 'objective'
  | 'reason_for_referral'
  | 'other';

/**
 * A heading with the text below it, up to the next heading. Text before the first heading has the category `other` and an
 * empty title. `parent` is the index of the section whose heading stands above this one's in rank ("HPI"
 * inside "Subjective"); a section without it stands at the top.
 */
export interface Section {
  readonly category: SectionCategory;
  readonly title: Span;
  readonly body: Span;
  readonly parent?: number;
}

/** The words that decided one axis of an assertion, and the name of the rule that read them. */
export interface Cue extends Span {
  readonly axis: AssertionAxis;
  readonly rule: string;
}

export interface Assertion {
  readonly presence: Presence;
  readonly temporality: Temporality;
  readonly experiencer: Experiencer;
  readonly cues: readonly Cue[];
}

export type AttributeType =
  'dose' | 'strength' | 'form' | 'route' | 'frequency' | 'duration' | 'value' | 'unit' | 'severity' | 'laterality';

export type Comparator = '<' | '<=' | '>' | '>=' | '~';

/** How a result lies to its reference range: as the note marks it ("(L)", "H", "critical"), else by the range it prints. */
export type ResultFlag = 'low' | 'high' | 'normal' | 'abnormal' | 'critical';

/** A reference range printed beside a result: "(3.5-5.0)". An open side is left out. */
export interface ReferenceRange extends Span {
  readonly low?: number;
  readonly high?: number;
}

/**
 * `value` and `unit` (UCUM) are normalized where the text allows: 40 mg -> 40 "mg"; BID -> 2 "/d"; 5/7 -> 5 "d".
 * A range keeps its lower end as `value` and its upper end as `high` ("1-2 tabs"); a blood pressure keeps the systolic as
 * `value` and the diastolic as `second`.
 */
export interface Attribute extends Span {
  readonly type: AttributeType;
  readonly text: string;
  readonly value?: number;
  readonly high?: number;
  readonly second?: number;
  readonly unit?: string;
  readonly comparator?: Comparator;
  readonly flag?: ResultFlag;
  readonly reference?: ReferenceRange;
  /** Of a frequency: only when needed, and the words that say what for ("for pain"). */
  readonly asNeeded?: boolean;
  readonly reason?: Span;
}

export type MedicationActionType =
  'start' | 'stop' | 'hold' | 'continue' | 'increase' | 'decrease' | 'change' | 'taper';

/** What the note says is done with a medicine, and the words that say so. */
export interface MedicationAction extends Span {
  readonly type: MedicationActionType;
}

/** What a medicine that the patient takes lacks to be taken safely. */
export type MissingAttribute = 'dose' | 'frequency';

export interface Abbreviation {
  readonly long: string;
  /** Probability in [0, 1] that this sense is meant. */
  readonly score: number;
  /** Other senses that the context leaves possible, best first. */
  readonly alternatives?: readonly { readonly long: string; readonly score: number }[];
  /** The words of the note that decided between the senses. */
  readonly evidence?: readonly Span[];
}

/** One code that a phrase may mean. `matched` is the title, inclusion term or synonym that the words agreed with. */
export interface Candidate {
  readonly code: string;
  readonly display: string;
  readonly billable: boolean;
  /** In [0, 1]; comparable between phrases. */
  readonly score: number;
  readonly matched: string;
}

export interface Entity extends Span {
  readonly id: string;
  readonly text: string;
  readonly label: EntityLabel;
  /** Calibrated probability in [0, 1] that span and label are right. */
  readonly score: number;
  readonly assertion: Assertion;
  readonly attributes: readonly Attribute[];
  /** Of a medicine: what is done with it, and what its entry lacks. */
  readonly action?: MedicationAction;
  readonly missing?: readonly MissingAttribute[];
  readonly abbreviation?: Abbreviation;
  readonly candidates: readonly Candidate[];
  /** What gave the label: the model, or a list of unambiguous words (rules/lexicon.json). */
  readonly origin?: 'model' | 'lexicon';
  /** Index of the section it stands in. */
  readonly section?: number;
}

export type PersonType = 'age' | 'sex' | 'name' | 'date' | 'contact' | 'id' | 'location';

/** What a relative date counts from: the day the note was written, or an event that the note names. */
export type DateAnchor = 'note' | 'operation' | 'admission';

/**
 * Words about the person or the time, not about the illness.
 * `value`: an age as ISO 8601 duration ("P56Y"); a sex as "female" or "male"; a date as ISO 8601 as far as the note says it
 * ("2014", "2014-03", "2014-03-05", without a year "--11-15") or, counted from `anchor`, as a signed duration ("-P3D",
 * "P2W"). Left out where the words do not allow one reading ("3/4/21" may be March or April; "3 days later" than what?).
 */
export interface Person extends Span {
  readonly type: PersonType;
  readonly text: string;
  readonly value?: string;
  readonly anchor?: DateAnchor;
}

export type ErrorProneRule =
  | 'daily_qd'
  | 'every_other_day_qod'
  | 'unit_u'
  | 'international_unit_iu'
  | 'trailing_zero'
  | 'naked_decimal_point'
  | 'morphine_or_magnesium'
  | 'microgram_mu'
  | 'subcutaneous_sc'
  | 'discharge_discontinue_dc'
  | 'half_strength_or_bedtime_hs'
  | 'cubic_centimetre_cc'
  | 'three_times_a_week_tiw'
  | 'ear_eye_latin'
  | 'drug_name_abbreviation'
  | 'missing_space'
  | 'large_number_without_comma';

/**
 * Notation that is known to be misread (Joint Commission "Do Not Use" list; ISMP List of Error-Prone Abbreviations, Symbols
 * and Dose Designations). `meaning` is what it most likely stands for here.
 */
export interface ErrorProneNotation extends Span {
  readonly rule: ErrorProneRule;
  readonly text: string;
  readonly meaning: string;
}

export type SuppressionReason =
  | 'absent'
  | 'family'
  | 'historical'
  | 'hypothetical'
  | 'possible'
  | 'other_person'
  | 'excludes1'
  | 'symptom_of'
  | 'duplicate'
  /** A combination code says it together with another finding. */
  | 'combined'
  /** No code is likely enough to be suggested. */
  | 'uncertain';

/** Which of the guideline's rules for uncertain diagnoses holds: II.H (inpatient) or IV.H (outpatient). */
export type CareSetting = 'outpatient' | 'inpatient';

export interface CodeSuggestion {
  readonly system: 'ICD-10-CM';
  readonly code: string;
  readonly display: string;
  readonly billable: boolean;
  readonly score: number;
  /** Ids of the entities whose words led to the code, in the order of the text. */
  readonly evidence: readonly string[];
  /** Words of the note that led to the code and belong to no entity: "ex-smoker", the organism of an infection. */
  readonly quotes?: readonly Span[];
  readonly status: 'suggested' | 'suppressed';
  readonly reason: SuppressionReason | null;
  /** What a coder must still find out to reach a billable code, e.g. "laterality", "seventh_character". */
  readonly needs: readonly string[];
  /** Tabular instructions that apply, in the words of the code set. */
  readonly notes: readonly string[];
  /** The section of the ICD-10-CM Official Guidelines by which it is suggested or suppressed, where one decided. */
  readonly guideline?: string;
}

export type CodeDecision =
  { readonly kind: 'accepted' } | { readonly kind: 'rejected' } | { readonly kind: 'replaced'; readonly by: Candidate };

/** A code of the list as the reader left it: suggested and not rejected, or chosen by the reader. */
export interface ReviewedCode {
  readonly code: string;
  readonly display: string;
  readonly by: 'suggestion' | 'reader';
}

export interface Versions {
  readonly app: string;
  /** artefact name -> "version+sha256:first 12 hex digits" */
  readonly models: Readonly<Record<string, string>>;
  /** code system -> edition */
  readonly codes: Readonly<Record<string, string>>;
}

export interface Layers {
  readonly sections: readonly Section[];
  readonly sentences: readonly Span[];
  readonly entities: readonly Entity[];
  readonly people: readonly Person[];
  readonly errorProne: readonly ErrorProneNotation[];
  readonly codes: readonly CodeSuggestion[];
}

export interface Document extends Layers {
  readonly text: string;
}

/** What the worker returns, the app exports and the batch command prints. */
export interface Analysis extends Layers {
  readonly schema: 'analysis/1';
  readonly versions: Versions;
  /** Only in an export from the page: the codes after the reader's review. */
  readonly review?: readonly ReviewedCode[];
}

export const DEFAULT_ASSERTION: Assertion = {
  presence: 'present',
  temporality: 'current',
  experiencer: 'patient',
  cues: [],
};

/** A document with no layers yet. The text is kept exactly as given: never trimmed, normalised or re-joined. */
export function makeDocument(text: string): Document {
  return { text, sections: [], sentences: [], entities: [], people: [], errorProne: [], codes: [] };
}

export function toAnalysis(document: Document, versions: Versions): Analysis {
  const { sections, sentences, entities, people, errorProne, codes } = document;
  return { schema: 'analysis/1', versions, sections, sentences, entities, people, errorProne, codes };
}

export type SimplificationMethod = 'generated' | 'glossary' | 'unchanged';

export type RejectionReason =
  | 'number'
  | 'dose'
  | 'unit'
  | 'date'
  | 'drug'
  | 'negation'
  | 'laterality'
  | 'entity'
  | 'added_entity'
  | 'length'
  | 'repetition';

/** An explained term: a span into the shown sentence's `text`, not into the source. */
export interface ExplainedTerm extends Span {
  readonly text: string;
  readonly definition: string;
  readonly origin: string;
}

export interface SimplifiedSentence {
  readonly source: Span;
  readonly text: string;
  readonly method: SimplificationMethod;
  /** rejected: the proposal lost or changed a fact, so `text` is the source with its terms explained. */
  readonly verdict: 'verified' | 'rejected';
  readonly reasons: readonly RejectionReason[];
  readonly terms: readonly ExplainedTerm[];
}

export interface Readability {
  /** Flesch-Kincaid grade level (Kincaid et al. 1975). */
  readonly fkgl: number;
}

export interface Simplification {
  readonly schema: 'simplification/1';
  readonly versions: Versions;
  readonly sentences: readonly SimplifiedSentence[];
  readonly readability: { readonly source: Readability; readonly output: Readability };
}
