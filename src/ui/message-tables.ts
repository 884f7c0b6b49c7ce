/** Words for each member of the closed unions: the compiler sees to it that none is missing. */
import type {
  AssertionAxis,
  AttributeType,
  MedicationActionType,
  RejectionReason,
  ResultFlag,
  SectionCategory,
  SuppressionReason,
  ErrorProneRule,
} from '../nlp/document';
import type { FileRejection } from '../state/text-file';
import type { DeviceReason, EngineErrorName, Stage } from '../worker/api';
import type { Kind, Standing } from './findings';

export const kindWords: Readonly<Record<Kind, { one: string; many: string; letter: string }>> = {
  problem: { one: 'problem', many: 'Problems', letter: 'P' },
  medicine: { one: 'medicine', many: 'Medicines', letter: 'M' },
  test: { one: 'test', many: 'Tests and values', letter: 'T' },
  procedure: { one: 'procedure', many: 'Procedures', letter: 'R' },
  anatomy: { one: 'body part', many: 'Body parts', letter: 'B' },
};

/** `heading` stands over a list, `label` in a sentence, `beside` next to a word in the note. */
export const standingWords: Readonly<Record<Standing, { heading: string; label: string; beside: string }>> = {
  present: { heading: 'Present', label: 'present', beside: '' },
  possible: { heading: 'Possible, not certain', label: 'possible', beside: '?' },
  past: { heading: 'In the past', label: 'in the past', beside: 'past' },
  hypothetical: { heading: 'Planned, or only if it happens', label: 'planned, or only if it happens', beside: 'if' },
  absent: { heading: 'Denied or not found', label: 'denied or not found', beside: '' },
  family: { heading: 'In the family', label: 'in the family', beside: 'family' },
  allergy: { heading: 'Named under Allergies, not taken', label: 'under Allergies', beside: '' },
  other: { heading: 'About someone else', label: 'about someone else', beside: 'other' },
};

export const stageWords: Readonly<Record<Stage, string>> = {
  sections: 'Finding headings and sentences',
  entities: 'Reading your note',
  assertions: 'Sorting out what is present, denied, past or in the family',
  codes: 'Looking up codes',
  plain_language: 'Writing in plain language',
};

export const unitOfStage: Readonly<Record<Stage, string>> = {
  sections: 'parts',
  entities: 'parts',
  assertions: 'findings',
  codes: 'findings',
  plain_language: 'sentences',
};

/** What happened, then what to do. */
export const errorWords: Readonly<Record<EngineErrorName, string>> = {
  AbortError: 'Stopped. What was found so far is shown.',
  ModelUnavailableError:
    'The reading model could not be fetched. Check the connection and press “Read note” again; your note is unchanged.',
  IntegrityError:
    'A downloaded file is damaged and was not used. Press “Read note” again to fetch it anew; your note is unchanged.',
  OutOfMemoryError:
    'This device ran out of memory. Close other tabs or apps, or read the note in parts; your note is unchanged.',
  StorageFullError:
    'There is no room left to keep the reading model. Free some space on this device and press “Read note” again.',
  InputTooLongError: 'The note is too long to read at once. Read it in parts.',
  InternalError: 'Reading failed through a fault in this app. Press “Read note” to try again; your note is unchanged.',
};

export const fileRejectionWords: Readonly<Record<FileRejection, string>> = {
  too_large: 'This file is larger than 2 MB and was not opened. Your text is unchanged.',
  not_text:
    'This file is not plain text and was not opened. Save it as .txt or paste its words. Your text is unchanged.',
  empty: 'This file has no words in it. Your text is unchanged.',
  unreadable: 'This file could not be read from the disk. Your text is unchanged.',
};

export const suppressionWords: Readonly<Record<SuppressionReason, string>> = {
  absent: 'denied or not found',
  family: 'in the family, not the patient',
  historical: 'in the past',
  hypothetical: 'planned, or only if it happens',
  possible: 'only possible; uncertain diagnoses are not coded for outpatients',
  other_person: 'about someone else',
  excludes1: 'may not stand beside another suggested code (Excludes1)',
  symptom_of: 'part of a diagnosis that is already coded',
  duplicate: 'already covered by another code',
  combined: 'said together with another finding by one code',
  uncertain: 'not sure enough to suggest',
};

export const rejectionWords: Readonly<Record<RejectionReason, string>> = {
  number: 'a number would have changed',
  dose: 'a dose would have changed',
  unit: 'a unit would have changed',
  date: 'a date would have changed',
  drug: 'a medicine would have been lost or changed',
  negation: 'a “no” or “not” would have changed',
  laterality: 'left or right would have changed',
  entity: 'a finding would have been lost',
  added_entity: 'something the note does not say would have been added',
  length: 'the result was too short or too long',
  repetition: 'the result repeated itself',
};

export const sectionWords: Readonly<Record<SectionCategory, string>> = {
  chief_complaint: 'Why you came',
  history_of_present_illness: 'What happened',
  past_medical_history: 'Earlier illnesses',
  past_surgical_history: 'Earlier operations',
  family_history: 'Illnesses in the family',
  social_history: 'Life and habits',
  medications: 'Medicines',
  allergies: 'Allergies',
  immunizations: 'Vaccines',
  review_of_systems: 'Questions asked about each part of the body',
  physical_exam: 'Examination',
  vital_signs: 'Vital signs',
  results: 'Test results',
  imaging: 'Scans and pictures',
  procedures: 'Procedures',
  hospital_course: 'What happened in hospital',
  assessment: 'What the clinician thinks',
  plan: 'What to do next',
  assessment_and_plan: 'What the clinician thinks, and what to do next',
  diagnoses: 'Diagnoses',
  discharge_medications: 'Medicines to take at home',
  discharge_instructions: 'What to do at home',
  follow_up: 'Next visits',
  subjective: 'What you said',
  objective: 'What was found',
  reason_for_referral: 'Why you were referred',
  other: 'Other',
};

export const needWords: Readonly<Record<string, string>> = {
  laterality: 'left or right',
  seventh_character: 'the 7th character (first visit, later visit or late effect)',
  more_specific: 'a more exact code',
};

export const attributeWords: Readonly<Record<AttributeType, string>> = {
  dose: 'dose',
  strength: 'strength',
  form: 'form',
  route: 'how taken',
  frequency: 'how often',
  duration: 'how long',
  value: 'value',
  unit: 'unit',
  severity: 'severity',
  laterality: 'side',
};

export const routeWords: Readonly<Record<string, string>> = {
  po: 'by mouth',
  oral: 'by mouth',
  orally: 'by mouth',
  iv: 'into a vein',
  im: 'into a muscle',
  sc: 'under the skin',
  sq: 'under the skin',
  subq: 'under the skin',
  subcut: 'under the skin',
  sl: 'under the tongue',
  pr: 'into the rectum',
  pv: 'into the vagina',
  inh: 'breathed in',
  inhaled: 'breathed in',
  neb: 'breathed in as a mist',
  top: 'on the skin',
  topical: 'on the skin',
};

export const actionWords: Readonly<Record<MedicationActionType, string>> = {
  start: 'to be started',
  stop: 'stopped',
  hold: 'paused',
  continue: 'to go on',
  increase: 'more than before',
  decrease: 'less than before',
  change: 'changed',
  taper: 'less step by step',
};

export const flagWords: Readonly<Record<ResultFlag, string>> = {
  low: 'low',
  high: 'high',
  normal: 'normal',
  abnormal: 'abnormal',
  critical: 'critical',
};

export const axisWords: Readonly<Record<AssertionAxis, string>> = {
  presence: 'whether it is there',
  temporality: 'when',
  experiencer: 'who has it',
};

const onCpu = 'so the note is read on the CPU. It takes a little longer and gives the same result.';

export const deviceReasonWords: Readonly<Record<DeviceReason, string>> = {
  webgpu_checked: 'The graphics processor gave the right answer to a test question, so the note is read on it.',
  webgpu_absent: `This browser offers no graphics processor, ${onCpu}`,
  webgpu_fallback_adapter: `This device has no usable graphics processor, ${onCpu}`,
  webgpu_wrong_result: `The graphics processor gave a wrong answer to a test question, ${onCpu}`,
  webgpu_failed: `The graphics processor failed, ${onCpu}`,
  forced: 'This was chosen by a setting.',
};

/** Why a notation is on the lists: what it has been taken for. */
export const errorProneWords: Readonly<Record<ErrorProneRule, string>> = {
  daily_qd: 'Read as QID, four times a day.',
  every_other_day_qod: 'Read as daily or four times a day.',
  unit_u: 'Read as a zero or a four: ten times the dose.',
  international_unit_iu: 'Read as IV or as 10.',
  trailing_zero: 'If the point is missed, ten times the dose.',
  naked_decimal_point: 'If the point is missed, many times the dose.',
  morphine_or_magnesium: 'Morphine and magnesium sulfate are taken for each other.',
  microgram_mu: 'Read as mg: a thousand times the dose.',
  subcutaneous_sc: 'Read as SL, under the tongue, or as a number.',
  discharge_discontinue_dc: 'Discharge and discontinue are taken for each other.',
  half_strength_or_bedtime_hs: 'Half strength and bedtime are taken for each other.',
  cubic_centimetre_cc: 'Read as U, units.',
  three_times_a_week_tiw: 'Read as three times a day or twice a week.',
  ear_eye_latin: 'Eyes and ears, left and right are taken for each other.',
  drug_name_abbreviation: 'Read as another medicine.',
  missing_space: 'The end of the name is read into the number.',
  large_number_without_comma: 'The zeros are miscounted.',
};
