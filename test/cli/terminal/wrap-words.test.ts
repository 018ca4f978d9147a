import { expect } from 'chai';
import { wrapWords } from '../../../src/cli/terminal/wrap-words.js';

describe('wrapWords', () => {
  it('breaks lines between words, and a word never', () => {
    expect(wrapWords('The email could not be published', 12)).to.deep.equal([
      'The email',
      'could not be',
      'published',
    ]);
    expect(wrapWords('a averyveryverylongword b', 8)).to.deep.equal(['a', 'averyveryverylongword', 'b']);
    expect(wrapWords('short', 80)).to.deep.equal(['short']);
    expect(wrapWords('李李 李李', 5)).to.deep.equal(['李李', '李李']);
  });

  it('leaves a command in one piece', () => {
    expect(wrapWords('To try at once: fluentmeet emails replay 12', 20)).to.deep.equal([
      'To try at once:',
      'fluentmeet emails replay 12',
    ]);
    expect(wrapWords('To try: fluentmeet doctor', 80)).to.deep.equal(['To try: fluentmeet doctor']);
  });
});
