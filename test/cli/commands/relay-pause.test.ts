import { expect } from 'chai';
import { createMigratedInstance, type TestInstance } from '../../fluentmeet/test-instance.js';
import { query } from '../query.js';
import { type CliOptions, runCli } from '../run-cli.js';

describe('fluentmeet relay pause and resume', () => {
  let instance: TestInstance & { url: string };
  let options: CliOptions;
  before(async () => {
    instance = await createMigratedInstance({ publisher: 'none' });
    options = { env: { DATABASE_URL: instance.url } };
  });
  after(() => instance.stop());

  it('holds all relays, shows it in doctor and explain, and ends', async () => {
    const ada = await instance.register('ada');
    const paused = await runCli(['relay', 'pause', '--reason', 'moving', '--for', '2h', '--json'], options);
    expect(paused.code).to.equal(0);
    const { since, until, ...rest } = paused.json<{ since: string; until: string }>();
    expect(rest).to.deep.equal({ paused: true, reason: 'moving' });
    expect(new Date(until).getTime() - new Date(since).getTime()).to.equal(2 * 3_600_000);

    const doctor = await runCli(['doctor', '--json'], options);
    const { checks } = doctor.json<{ checks: { check: string; status: string; message: string }[] }>();
    const finding = checks.find(({ check }) => check === 'relay');
    expect(finding).to.include({ status: 'warn' });
    expect(finding!.message).to.contain('moving');
    const explained = await runCli(['users', 'explain', ada.email, '--json'], options);
    expect(explained.stdout).to.contain('"paused"').and.contain('relay resume');

    const second = await runCli(['relay', 'pause', '--reason', 'moving on'], options);
    expect(second.stderr).to.match(/takes the place of a pause until \S+Z: moving$/m);

    const resumed = await runCli(['relay', 'resume', '--json'], options);
    expect(resumed.json()).to.deep.equal({ paused: false, was_paused: true });
    const again = await runCli(['relay', 'resume'], options);
    expect(again).to.include({ code: 0, stdout: 'Nothing was paused.\n' });
  });

  it('refuses a flag of the relay itself, before or after its own name', async () => {
    for (const args of [
      ['relay', '--wait', '5s', 'pause', '--reason', 'x'],
      ['relay', 'pause', '--reason', 'x', '--wait', '5s'],
    ]) {
      const run = await runCli(args, { env: {} });
      expect(run.code).to.equal(2);
      expect(run.stderr).to.contain('--wait is of "fluentmeet relay", and not of "fluentmeet relay pause"');
    }
  });

  it('lets a replay wait, whatever was said of its emails before', async () => {
    const { email } = await instance.register('dead');
    await query(
      instance.url,
      `update email_outbox set status = 'dead', attempts = 10, last_error = 'Kafka: MESSAGE_TOO_LARGE'
       where user_id = (select id from users where email = '${email}')`,
    );
    await runCli(['relay', 'pause', '--reason', 'moving'], options);
    const env = {
      DATABASE_URL: instance.url,
      KAFKA_BROKERS: '127.0.0.1:1',
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: 's'.repeat(20) + 'x'.repeat(20),
    };
    const replayed = await runCli(['emails', 'replay', '--all', '--json'], { env });
    await runCli(['relay', 'resume'], options);
    expect(replayed.json()).to.deep.include({ failing: [], paused: 'moving' });
    expect(replayed.json<{ waiting: number[] }>().waiting).to.have.lengthOf(1);
    expect(replayed.code).to.equal(0);
  });

  it('wants to know why, in one line, and for how long in a unit', async () => {
    const missing = await runCli(['relay', 'pause'], options);
    expect(missing.code).to.equal(2);
    expect(missing.stderr).to.contain('--reason');
    expect((await runCli(['relay', 'pause', '--reason', ' '], options)).code).to.equal(2);
    expect((await runCli(['relay', 'pause', '--reason', 'x', '--for', 'long'], options)).code).to.equal(2);
    expect((await instance.fluentmeet.stats()).pause).to.equal(null);
  });

  it('is told to whoever registers somebody meanwhile', async () => {
    const env = {
      DATABASE_URL: instance.url,
      KAFKA_BROKERS: '127.0.0.1:1',
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: 's'.repeat(20) + 'x'.repeat(20),
      FLUENTMEET_BCRYPT_COST: '4',
    };
    await runCli(['relay', 'pause', '--reason', 'moving house'], options);
    try {
      const registered = await runCli(
        ['register', '--email', 'grace@example.com', '--password-stdin', '--json'],
        { env, stdin: 'a long enough pass phrase' },
      );
      expect(registered.code).to.equal(0);
      const { email } = registered.json<{ email: Record<string, unknown> }>();
      expect(email).to.deep.include({ status: 'pending', error: null, paused: 'moving house' });
    } finally {
      await runCli(['relay', 'resume'], options);
    }
  });
});
