import { expect } from 'chai';
import fc from 'fast-check';
import { contrast, inkOn, pointedAt, visibleOn } from '../src/brand-colours.js';

const colour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('contrast', () => {
  it('reckons as WCAG does, whichever colour comes first', () => {
    expect(contrast('#000000', '#ffffff')).to.be.closeTo(21, 0.001);
    expect(contrast('#ffffff', '#767676')).to.be.closeTo(4.54, 0.005);
    expect(contrast('#777777', '#ffffff')).to.be.closeTo(4.48, 0.005);
    expect(contrast('#ff0000', '#ffffff')).to.be.closeTo(3.998, 0.005);
  });
});

describe('inkOn', () => {
  it('is white on a dark colour and black on a light one', () => {
    expect(inkOn('#2f4fc6')).to.equal('#ffffff');
    expect(inkOn('#ffd400')).to.equal('#000000');
  });

  it('can be read on every colour there is', () => {
    fc.assert(fc.property(colour, (ground) => contrast(inkOn(ground), ground) >= 4.5));
  });
});

describe('visibleOn', () => {
  it('is the colour itself where that stands out', () => {
    expect(visibleOn('#ffffff', '#2f4fc6', 4.5)).to.equal('#2f4fc6');
  });

  it('stands out from light and dark grounds, whatever the colour', () => {
    for (const ground of ['#ffffff', '#eef1f6', '#191f2c', '#000000']) {
      fc.assert(fc.property(colour, (any) => contrast(visibleOn(ground, any, 4.5), ground) >= 4.5));
    }
  });
});

describe('pointedAt', () => {
  it('is another colour, on which the same ink can be read, whatever the colour', () => {
    for (const grey of ['#777777', '#ff0000', '#2f4fc6']) expect(pointedAt(grey)).not.to.equal(grey);
    fc.assert(fc.property(colour, (any) => contrast(pointedAt(any), inkOn(any)) >= 4.5));
  });
});
