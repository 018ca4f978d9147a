import { expect } from 'chai';
import { Script } from 'node:vm';
import { mailboxScript } from '../../src/dev/mailbox-script.js';
import { signupPage } from '../../src/dev/signup-page.js';
import { signupScript } from '../../src/dev/signup-script.js';
import { parseOptions } from '../../src/options.js';

const configOf = (more: object) =>
  parseOptions({
    database: 'postgres://localhost/x',
    publisher: 'none',
    publicUrl: 'http://localhost',
    secret: 's'.repeat(32),
    ...more,
  });

describe('dev pages', () => {
  it('has a labelled field for everything a person sends, each with a place for its error', () => {
    const page = signupPage(configOf({}));
    for (const field of ['email', 'password', 'full_name', 'speaking_language', 'listening_language']) {
      expect(page).to.contain(`<label for="${field}">`).and.contain(`name="${field}"`);
      expect(page).to.contain(`id="${field}-error"`);
    }
    expect(page).not.to.contain('name="invite"');
    expect(page).to.contain('<option value="fr">French</option>');
  });

  it('asks for an invite, offers the configured languages, and says when signup is closed', () => {
    const invite = signupPage(configOf({ signup: 'invite', languages: ['nl', 'pt-BR'] }));
    expect(invite).to.contain('name="invite"').and.contain('<option value="pt-BR">');
    expect(invite).not.to.contain('<option value="fr">');
    expect(signupPage(configOf({ signup: 'closed' })))
      .to.contain('closed')
      .and.not.contain('<form');
  });

  it('has no inline script, style or handler', () => {
    for (const page of [signupPage(configOf({}))]) {
      expect(page).not.to.match(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
    }
  });

  it('serves scripts that parse', () => {
    for (const script of [signupScript, mailboxScript]) expect(() => new Script(script)).not.to.throw();
  });
});
