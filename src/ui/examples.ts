/// <reference types="vite/client" />
/** Notes to try the app with. All are invented. */
import clinicLetter from './examples/clinic-letter.txt?raw';
import discharge from './examples/discharge.txt?raw';
import emergency from './examples/emergency.txt?raw';
import generalPractice from './examples/general-practice.txt?raw';
import medicationList from './examples/medication-list.txt?raw';
import progress from './examples/progress.txt?raw';
import radiology from './examples/radiology.txt?raw';

export interface ExampleNote {
  readonly name: string;
  readonly text: string;
}

export const examples: readonly ExampleNote[] = [
  { name: 'Emergency department note', text: emergency },
  { name: 'Discharge summary', text: discharge },
  { name: 'Hospital progress note (SOAP)', text: progress },
  { name: 'GP consultation (British)', text: generalPractice },
  { name: 'Radiology report', text: radiology },
  { name: 'Medication list', text: medicationList },
  { name: 'Clinic letter', text: clinicLetter },
];
