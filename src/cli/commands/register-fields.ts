import { Option } from 'commander';
import type { ChosenFields } from '../../signup/signup-input.js';

interface RegisterField {
  /** Without the hyphens before it. */
  flag: string;
  /** What stands for its value in the help. */
  value: string;
  description: string;
  question: string;
  /** Chosen from the languages, not typed. */
  isLanguage?: boolean;
}

/** What `register` takes and asks for beside the address and the password, in this order. */
const registerFields = {
  full_name: {
    flag: 'name',
    value: 'name',
    description: 'full name',
    question: 'Full name (optional)',
  },
  speaking_language: {
    flag: 'speaking',
    value: 'tag',
    description:
      'language spoken (BCP 47); default "en", or the first of FLUENTMEET_LANGUAGES where that lacks it',
    question: 'Speaks',
    isLanguage: true,
  },
  listening_language: {
    flag: 'listening',
    value: 'tag',
    description: 'language listened to (BCP 47); default as of --speaking',
    question: 'Listens in',
    isLanguage: true,
  },
} as const satisfies Record<keyof ChosenFields, RegisterField>;

/** The same, one after another. */
export const listedRegisterFields = Object.entries(registerFields) as readonly [
  keyof ChosenFields,
  RegisterField & { flag: RegisterFlag },
][];

type RegisterFlag = (typeof registerFields)[keyof ChosenFields]['flag'];

/** What commander reads of them, by its own name for each. */
export type RegisterFieldFlags = Partial<Record<AttributeOf<RegisterFlag>, string>>;

type AttributeOf<Flag extends string> = Flag extends `${infer Word}-${infer Rest}`
  ? `${Word}${Capitalize<AttributeOf<Rest>>}`
  : Flag;

/** That name: a flag `job-title` is its `jobTitle`. */
export function attributeOf<Flag extends string>(flag: Flag): AttributeOf<Flag> {
  return new Option(`--${flag}`).attributeName() as AttributeOf<Flag>;
}
