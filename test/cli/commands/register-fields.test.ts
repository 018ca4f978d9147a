import { expect } from 'chai';
import { attributeOf } from '../../../src/cli/commands/register-fields.js';
import { createProgram } from '../../../src/cli/program.js';

describe('attributeOf', () => {
  it('is the name by which commander hands a flag over, also of several words', () => {
    const [given] = createProgram()
      .commands.filter((command) => command.name() === 'register')
      .map((register) => register.option('--two-words <text>').parse(['--two-words', 'x'], { from: 'user' }));
    expect(given?.opts()).to.have.property(attributeOf('two-words'), 'x');
    expect(attributeOf('name')).to.equal('name');
  });
});
