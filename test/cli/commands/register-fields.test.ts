import { expect } from 'chai';
import { attributeOf } from '../../../src/cli/commands/register-fields.js';
import { createProgram } from '../../../src/cli/program.js';

describe('attributeOf', () => {
  it('is the name by which commander hands a flag over, also of several words', () => {
    const [given] = createProgram()
      .commands.filter((command) => command.name() === 'register')
      .map((register) =>
        register.option('--job-title <title>').parse(['--job-title', 'Poet'], { from: 'user' }),
      );
    expect(given?.opts()).to.have.property(attributeOf('job-title'), 'Poet');
    expect(attributeOf('name')).to.equal('name');
  });
});
