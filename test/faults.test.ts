import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { z } from 'zod';
import { fault, type FaultCode, faultMessages, faultsOf, notText, refuse } from '../src/faults.js';

describe('faultsOf', () => {
  const schema = z.object({
    email: z.string({ error: notText('EMAIL_MISSING', 'EMAIL_NOT_TEXT') }).transform((text, context) => {
      if (text === 'long') return refuse(context, 'EMAIL_TOO_LONG');
      return text === 'said' ? refuse(context, 'EMAIL_TOO_LONG', 'At most five.') : text;
    }),
    list: z.array(z.string({ error: notText('LANGUAGE_NOT_TEXT', 'LANGUAGE_NOT_TEXT') })).optional(),
    forgotten: z.number().optional(),
    company: z
      .string({ error: notText('LANGUAGE_NOT_TEXT', 'LANGUAGE_NOT_TEXT') })
      .max(3)
      .optional(),
  });
  const faultsIn = (input: unknown) => faultsOf(schema.safeParse(input).error as z.ZodError);

  for (const [what, input, expected] of [
    ['what is no object', 'text', [fault('body', 'BODY_NOT_OBJECT')]],
    ['a missing field', {}, [fault('email', 'EMAIL_MISSING')]],
    ['null', { email: null }, [fault('email', 'EMAIL_NOT_TEXT')]],
    ['a check of our own', { email: 'long' }, [fault('email', 'EMAIL_TOO_LONG')]],
    ['words of its own', { email: 'said' }, [fault('email', 'EMAIL_TOO_LONG', 'At most five.')]],
    ['a place in a list', { email: 'a', list: ['b', 7] }, [fault('list.1', 'LANGUAGE_NOT_TEXT')]],
  ] as const) {
    it(`names ${what}`, () => expect(faultsIn(input)).to.deep.equal(expected));
  }

  it('does not hide a check that was given no code', () => {
    expect(() => faultsIn({ email: 'a', forgotten: 'secret' })).to.throw(TypeError, /^a check of forgotten/);
    expect(() => faultsIn({ email: 'a', company: 'too long' })).to.throw(TypeError, /^a check of company/);
  });
});

describe('faultMessages', () => {
  const codes = Object.keys(faultMessages) as FaultCode[];

  it('says every fault in a sentence', () => {
    for (const code of codes) {
      expect(code).to.match(/^[A-Z]+(_[A-Z]+)+$/);
      expect(faultMessages[code]).to.match(/^[A-Z].*\.$/);
    }
  });

  it('is listed whole in the documentation of the routes, but for what operators alone can do wrong', () => {
    const documented = readFileSync(new URL('../docs/http.md', import.meta.url), 'utf8').match(/`[A-Z_]+`/g);
    const operators = codes.filter((code) => /^(LANGUAGES_|CONDITION_|NUMBER_|NOTE_|REASON_)/.test(code));
    for (const code of codes.filter((code) => !operators.includes(code))) {
      expect(documented).to.include(`\`${code}\``);
    }
  });
});
