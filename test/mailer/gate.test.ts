import { expect } from 'chai';
import { createGate } from '../../src/mailer/gate.js';

describe('the gate before the SMTP server', () => {
  let gate: ReturnType<typeof createGate>;
  let checks: (() => Promise<void>)[];
  let told: string[];
  let changed: () => void;

  /** @param given what each check in turn comes to; the last one stays */
  function open(...given: (() => Promise<void>)[]): Promise<void> {
    checks = given;
    told = [];
    const first = nextChange();
    gate = createGate({
      check: () => (checks.length > 1 ? checks.shift() : checks[0])?.() ?? Promise.resolve(),
      backoff: { first: 1, most: 1 },
      onClosed: () => told.push('closed'),
      onOpened: () => told.push('opened'),
      onChange: () => changed(),
    });
    gate.start();
    return first;
  }
  const nextChange = (): Promise<void> => new Promise((resolve) => (changed = resolve));
  const works = () => Promise.resolve();
  const fails = () => Promise.reject(new Error('away'));

  afterEach(() => gate.stop());

  it('is closed until the server has answered, and wide open where nothing has failed before', async () => {
    const opened = open(works);
    expect(gate.width(10)).to.equal(0);
    await opened;
    expect(gate.width(10)).to.equal(10);
    expect(told).to.be.empty;
  });

  it('lets one mail alone find out whether an outage is over, at the start too', async () => {
    await open(fails, works);
    expect(gate.width(10)).to.equal(1);
    gate.worked();
    expect(gate.width(10)).to.equal(10);
    expect(told).to.deep.equal(['closed', 'opened']);
  });

  it('tells of an outage once, and again where it is another', async () => {
    const fail = (code: string) => () => Promise.reject(Object.assign(new Error('away'), { code }));
    await open(fail('sender'), fail('sender'), fail('busy'), works);
    expect(told).to.deep.equal(['closed', 'closed']);
    gate.worked();
    gate.failed(Object.assign(new Error('away'), { code: 'busy' }));
    expect(told).to.deep.equal(['closed', 'closed', 'opened', 'closed']);
  });

  it('is closed by one outage, which many mails may tell of, and opens by one mail', async () => {
    await open(works);
    gate.failed(new Error('away'));
    gate.failed(new Error('away'));
    gate.worked();
    expect(gate.width(10)).to.equal(0);
    await nextChange();
    expect(gate.width(10)).to.equal(1);
    gate.worked();
    expect(gate.width(10)).to.equal(10);
    expect(told).to.deep.equal(['closed', 'opened']);
  });

  it('tells of no outage where the stop has ended the check', async () => {
    const ended = open(async () => {
      gate.stop();
      throw new Error('the connection was closed');
    });
    await ended;
    expect(told).to.be.empty;
  });
});
