import { expect } from 'chai';
import type { KafkaMessage } from 'kafkajs';
import { headerTexts, parseJson, readMessage } from '../../src/mailer/read-message.js';

const link = 'https://app.example.com/verify?token=abc';
const value = {
  to: 'ada@example.com',
  subject: 'Verify your account',
  template: 'verification',
  data: { full_name: 'Ada', verification_link: link },
};
const headers = {
  'event-id': 'd6f2b7c0-1111-4222-8333-444455556666',
  'schema-version': '1',
  language: 'fr',
  'created-at': '2026-03-14T12:00:00.000Z',
  'expires-at': '2026-03-15T12:00:00.000Z',
};

function message(
  given: unknown = value,
  heads: KafkaMessage['headers'] = headers,
  key: string | null = '7',
): KafkaMessage {
  const bytes = Buffer.isBuffer(given) || given === null ? given : Buffer.from(JSON.stringify(given));
  const place = { timestamp: '0', attributes: 0, offset: '0' };
  return {
    ...place,
    key: key === null ? null : Buffer.from(key),
    value: bytes,
    headers: heads,
  };
}

const reasonOf = (given: KafkaMessage): string => {
  const read = readMessage(given);
  return read.ok ? 'ok' : read.reason;
};
const reasonWith = (fields: object): string => reasonOf(message({ ...value, ...fields }));
const reasonUnder = (heads: object): string => reasonOf(message(value, { ...headers, ...heads }));
const reasonOfData = (data: unknown): string => reasonWith({ data });

describe('readMessage', () => {
  it('reads an email of the contract', () => {
    expect(readMessage(message())).to.deep.equal({ ok: true, email: { key: '7', value, headers } });
  });

  it('keeps headers that it does not know, and leaves out fields that it does not', () => {
    const read = readMessage(
      message({ ...value, more: 1, data: { ...value.data, more: 1 } }, { ...headers, traceparent: 'x' }),
    );
    if (!read.ok) throw new Error(read.reason);
    expect(read.email.value).to.deep.equal(value);
    expect(read.email.headers).to.deep.equal({ ...headers, traceparent: 'x' });
  });

  it('takes a message without a key', () => {
    const read = readMessage(message(value, headers, null));
    expect(read.ok && read.email.key).to.equal('');
  });

  it('looks at the version first, and takes none for its own', () => {
    expect(reasonOf(message(Buffer.from('\xff'), { 'schema-version': '2' }))).to.equal('newer-schema');
    const { 'schema-version': _, ...unversioned } = headers;
    expect(reasonOf(message(value, unversioned))).to.equal('ok');
    for (const version of ['0', '1', 'one'])
      expect(reasonUnder({ 'schema-version': version })).to.equal('ok');
  });

  it('tells what is no JSON from what is another', () => {
    for (const text of ['', '{', 'ada@example.com', '\xff'])
      expect(reasonOf(message(Buffer.from(text, 'latin1'))), text).to.equal('not-json');
    expect(reasonOf(message(null))).to.equal('not-json');
    for (const other of [[], 7, 'text', {}]) expect(reasonOf(message(other))).to.equal('not-ours');
    expect(reasonOf(message(Buffer.from('null')))).to.equal('not-ours');
  });

  it('takes one address and no list, no second line, no longer one than 254 characters', () => {
    const long = (length: number) => `${'a'.repeat(length - '@example.com'.length)}@example.com`;
    expect(reasonWith({ to: long(254) })).to.equal('ok');
    for (const to of [
      long(255),
      'ada@example.com,eve@example.com',
      'Ada <ada@example.com>',
      'ada@example.com\nBcc: eve@example.com',
      'ada@example.com\n',
      'ada',
      '@example.com',
      'ada@-example.com',
      'ada@example.com.',
      ['ada@example.com'],
      undefined,
    ])
      expect(reasonWith({ to }), JSON.stringify(to)).to.equal('not-ours');
    for (const to of ["o'neil+x!#$%&*/=?^_`{|}~.-@sub.example.com", 'ADA@EXAMPLE.COM', 'a@b1'])
      expect(reasonWith({ to }), to).to.equal('ok');
  });

  it('names a template that it does not know, and no property of every object', () => {
    for (const template of ['welcome', '', 'toString', '__proto__'])
      expect(reasonWith({ template }), template).to.equal('unknown-template');
    // Not of this shape at all: nothing that a newer version may have written.
    expect(reasonWith({ template: 'x'.repeat(100) })).to.equal('unknown-template');
    expect(reasonWith({ template: 'x'.repeat(101) })).to.equal('not-ours');
    expect(reasonWith({ template: 'welcome', to: 'ada' })).to.equal('not-ours');
  });

  it('takes a link of the web, and none that could be another or break out of the mail', () => {
    const long = (length: number) => 'https://e.com/'.padEnd(length, 'x');
    for (const one of ['http://localhost:3000/?token=1', 'HTTPS://example.com', long(4_000)])
      expect(reasonOfData({ full_name: null, verification_link: one }), one).to.equal('ok');
    for (const one of [
      'javascript:alert(1)',
      'xhttps://example.com',
      'https://',
      'https://e.com/ x',
      'https://e.com/\n',
      'https://e.com/"',
      'https://e.com/<',
      'https://e.com/>',
      long(4_001),
      undefined,
      7,
    ])
      expect(reasonOfData({ full_name: null, verification_link: one }), String(one)).to.equal('not-ours');
  });

  it('wants a link only where the template has one', () => {
    expect(reasonWith({ template: 'account-exists', data: { full_name: null } })).to.equal('ok');
    expect(reasonOfData({ full_name: null })).to.equal('not-ours');
  });

  it('wants a name, which may be null', () => {
    const named = (full_name: unknown) => reasonOfData({ full_name, verification_link: link });
    expect([null, '', 'x'.repeat(1_000)].map(named)).to.deep.equal(['ok', 'ok', 'ok']);
    expect([undefined, 7, 'x'.repeat(1_001)].map(named)).to.deep.equal(['not-ours', 'not-ours', 'not-ours']);
    expect(reasonOfData(undefined)).to.equal('not-ours');
  });

  it('takes a subject of a thousand characters, and none longer', () => {
    expect(reasonWith({ subject: 'x'.repeat(1_000) })).to.equal('ok');
    expect(reasonWith({ subject: 'x'.repeat(1_001) })).to.equal('not-ours');
  });

  it('wants an event id by which it knows the email again', () => {
    for (const id of ['a', 'A_1-b', 'x'.repeat(100)]) expect(reasonUnder({ 'event-id': id })).to.equal('ok');
    for (const id of ['', 'x'.repeat(101), 'a b', 'a:b', 'a\n', undefined])
      expect(reasonUnder({ 'event-id': id }), id).to.equal('not-ours');
  });

  it('does without a language and the time of writing, and never without a readable end of the link', () => {
    const headersUnder = (heads: object) => {
      const read = readMessage(message(value, { ...headers, ...heads }));
      return read.ok ? read.email.headers : undefined;
    };
    expect(headersUnder({ language: undefined })?.language).to.equal('en');
    expect(headersUnder({ language: 'x'.repeat(101) })?.language).to.equal('en');
    expect(headersUnder({ language: 'x'.repeat(100) })?.language).to.have.lengthOf(100);
    expect(headersUnder({ 'created-at': 'yesterday' })).to.have.property('created-at', undefined);
    expect(reasonUnder({ 'created-at': undefined })).to.equal('ok');
    expect(reasonUnder({ 'expires-at': undefined })).to.equal('ok');
    expect(reasonUnder({ 'expires-at': 'tomorrow' })).to.equal('not-ours');
  });
});

describe('headerTexts', () => {
  it('has the last of a repeated header, and none without a value', () => {
    const texts = headerTexts({
      headers: { a: Buffer.from('1'), b: ['2', Buffer.from('3')], c: [], d: undefined, e: '' },
    });
    expect(texts).to.deep.equal({ a: '1', b: '3', e: '' });
  });

  it('has nothing of a message without headers', () => {
    expect(headerTexts({})).to.deep.equal({});
  });
});

describe('parseJson', () => {
  it('reads a hundred thousand bytes, and nothing longer', () => {
    const text = (length: number) => Buffer.from(`"${'x'.repeat(length - 2)}"`);
    expect(parseJson(text(100_000))).to.have.lengthOf(99_998);
    expect(parseJson(text(100_001))).to.equal(undefined);
  });

  it('reads UTF-8 alone, and no nothing', () => {
    expect(parseJson(Buffer.from('"é"'))).to.equal('é');
    expect(parseJson(Buffer.from('"é"', 'latin1'))).to.equal(undefined);
    expect(parseJson(null)).to.equal(undefined);
    expect(parseJson(Buffer.from(''))).to.equal(undefined);
  });
});
