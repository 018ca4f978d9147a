import { expect } from 'chai';
import { html } from '../../src/html.js';
import { chooseWords } from '../../src/words/choose-words.js';
import { fill, say, sayHtml } from '../../src/words/say.js';

const { words } = chooseWords('en');

describe('say', () => {
  it('puts the values in their places', () => {
    expect(say(words, 'mail.verification.subject', { brand: 'Acme' })).to.equal('Verify your Acme account');
    expect(say(words, 'login')).to.equal('Log in');
  });

  it('takes a value as it is, and leaves what has none', () => {
    expect(fill('{a} {b} {a}', { a: '{b}$&$1' })).to.equal('{b}$&$1 {b} {b}$&$1');
  });
});

describe('sayHtml', () => {
  it('escapes and isolates text, and takes markup as it is', () => {
    const link = html`<a href="/terms">${'Terms & more'}</a>`;
    expect(String(sayHtml(words, 'signup.terms', { terms: link }))).to.equal(
      'I accept the <a href="/terms">Terms &amp; more</a>.',
    );
    expect(String(sayHtml(words, 'mail.hello.name', { name: '<b>{name}' }))).to.equal(
      'Hello <bdi>&lt;b&gt;{name}</bdi>,',
    );
  });

  it("escapes the sentence, which may be a host's", () => {
    const own = chooseWords('en', { en: { login: '<Log in> & go' } }).words;
    expect(String(sayHtml(own, 'login'))).to.equal('&lt;Log in&gt; &amp; go');
  });
});
