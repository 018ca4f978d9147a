import { expect } from 'chai';
import express from 'express';
import { InvalidOptionsError } from '../../src/errors.js';
import { internalsOf } from '../../src/fluentmeet.js';
import { authRouter } from '../../src/http/index.js';
import {
  createTestFluentMeet,
  lastLinkTo,
  rememberingPublisher,
  sampleEmail,
  type TestFluentMeet,
} from '../../src/testing/index.js';
import { rejection } from '../fluentmeet/test-instance.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

const password = 'correct horse battery staple';

describe('createTestFluentMeet', () => {
  let database: TestDatabase;
  let fluentmeet: TestFluentMeet;
  before(async () => {
    database = await createDatabase();
    fluentmeet = createTestFluentMeet({ database: database.url });
    await fluentmeet.migrate();
  });
  after(async () => {
    await fluentmeet.stop();
    await database.drop();
  });

  const tokenOf = (link: string) => new URL(link).searchParams.get('token')!;

  it('takes a test from the signup to the verified account, without Kafka and without a relay', async () => {
    await fluentmeet.signUp({ email: 'ada@example.com', password });
    const link = await fluentmeet.lastLinkTo(' Ada@example.com');
    expect(link).to.match(/^http:\/\/localhost:3000\/api\/v1\/auth\/verify-email\?token=/);
    expect((await fluentmeet.verifyEmail(tokenOf(link))).status).to.equal('verified');
    expect(fluentmeet.publisher.emails).to.have.lengthOf(1);
  });

  it('begins anew with empty tables, however often the same address signs up', async () => {
    for (let run = 0; run < 7; run++) {
      await fluentmeet.signUp({ email: 'again@example.com', password });
      expect(await fluentmeet.lastLinkTo('again@example.com')).to.contain('token=');
      await fluentmeet.models.User.destroy({ where: {}, force: true });
      fluentmeet.publisher.clear();
    }
  });

  it('begins anew with tables emptied as docs/embedding.md says, with the same keys, too', async () => {
    const server = express().use('/api/v1/auth', authRouter(fluentmeet)).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      for (let run = 0; run < 2; run++) {
        const { status } = await fetch(`http://127.0.0.1:${port}/api/v1/auth/signup`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': 'the-same-in-each-run' },
          body: JSON.stringify({ email: 'keyed@example.com', password }),
        });
        expect(status).to.equal(201);
        expect(await fluentmeet.lastLinkTo('keyed@example.com')).to.contain('token=');
        fluentmeet.publisher.clear();
        await fluentmeet.models.User.destroy({ where: {}, force: true });
        await fluentmeet.models.MailboxCount.destroy({ where: {} });
        await fluentmeet.models.SignUpKey.destroy({ where: {} });
      }
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('limits log-ins as ever, until the counts are emptied as docs/embedding.md says', async () => {
    await fluentmeet.signUp({ email: 'locked@example.com', password });
    const logIn = (typed: string) =>
      fluentmeet.checkPassword('locked@example.com', typed, { client: '192.0.2.1' });
    for (let one = 0; one < 10; one++) expect(await logIn('not the password')).to.equal(null);
    expect(await rejection(logIn(password))).to.include({ code: 'RATE_LIMIT_EXCEEDED' });
    await fluentmeet.models.MailboxCount.destroy({ where: {} });
    expect(await logIn(password)).to.include({ email: 'locked@example.com' });
  });

  it('takes an option that is undefined for one that is not given, and of limits what is given alone', async () => {
    const options = {
      database: database.url,
      rateLimits: { signup: 50, verify: undefined },
      mailboxLimits: { signup: { minute: 3 }, resend: undefined },
    };
    const own = { publicUrl: undefined, secret: undefined, bcryptCost: undefined, logger: undefined };
    const partly = createTestFluentMeet({ ...options, ...own } as never);
    const bare = createTestFluentMeet({
      ...{ database: database.url, rateLimits: undefined, mailboxLimits: undefined },
    });
    const configOf = (instance: TestFluentMeet) => internalsOf(instance).config;
    const many = { verify: 1_000_000, resend: 1_000_000, status: 1_000_000, challenge: 1_000_000 };
    const most = { minute: 1000, day: 1000 };
    expect(configOf(partly)).to.deep.include({ bcryptCost: 4, publicUrl: 'http://localhost:3000' });
    expect(configOf(partly).rateLimits).to.deep.equal({ signup: 50, ...many });
    expect(configOf(partly).mailboxLimits).to.deep.equal({ signup: { minute: 3, day: 1000 }, resend: most });
    expect(configOf(bare).rateLimits).to.deep.equal({ signup: 1_000_000, ...many });
    expect(configOf(bare).mailboxLimits).to.deep.equal({ signup: most, resend: most });
    await partly.stop();
    await bare.stop();
  });

  for (const limits of [{ rateLimits: 5 }, { rateLimits: null }, { mailboxLimits: { signup: null } }]) {
    it(`refuses ${JSON.stringify(limits)}, as an instance of the host's does`, () => {
      expect(() => createTestFluentMeet({ database: database.url, ...limits } as never)).to.throw(
        InvalidOptionsError,
      );
    });
  }

  it('finds a mail by the address as it was typed, whatever form it is stored in', async () => {
    const typed = 'Ada@Bücher.example';
    await fluentmeet.signUp({ email: typed, password });
    const link = await fluentmeet.lastLinkTo(typed);
    expect(link).to.contain('token=');
    expect(await fluentmeet.lastLinkTo('ada@xn--bcher-kva.example')).to.equal(link);
    expect(await fluentmeet.publisher.lastLinkTo(typed)).to.equal(link);
    expect(await lastLinkTo(typed)).to.equal(link);
  });

  it('finds one to what nobody could sign up with, as a test of its own publishes it', async () => {
    const publisher = rememberingPublisher();
    await publisher.publish([sampleEmail({ to: 'ada@localhost' })]);
    expect(await publisher.lastLinkTo(' Ada@localhost')).to.contain('token=');
  });

  it('waits for whoever is signing up', async () => {
    const link = fluentmeet.lastLinkTo('alan@example.com');
    await fluentmeet.signUp({ email: 'alan@example.com', password });
    expect(await link).to.contain('verify-email?token=');
  });

  it('gives the newest link, not an earlier one', async () => {
    await fluentmeet.signUp({ email: 'grace@example.com', password });
    const first = await fluentmeet.lastLinkTo('grace@example.com');
    await fluentmeet.resendVerification('grace@example.com');
    expect(await fluentmeet.lastLinkTo('grace@example.com')).not.to.equal(first);
  });

  it('works with the routers, and with a relay of its own', async () => {
    const app = express();
    app.use('/api/v1/auth', authRouter(fluentmeet));
    const server = app.listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      await fluentmeet.start();
      for (let one = 0; one < 12; one++) {
        const response = await fetch(`http://127.0.0.1:${port}/api/v1/auth/signup`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: `host-${one}@example.com`, password }),
        });
        expect(response.status, 'no limit stands in the way of tests').to.equal(201);
      }
      expect(await lastLinkTo('host-11@example.com')).to.equal(
        await fluentmeet.publisher.lastLinkTo('host-11@example.com'),
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("tells a logger of a mistake in the host's own hook, which over HTTP is a bare 500", async () => {
    const lines: object[] = [];
    const keep = (data: object) => lines.push(data);
    const told = createTestFluentMeet({
      database: database.url,
      proof: 'link-and-password',
      logger: { debug: keep, info: keep, warn: keep, error: keep },
      hooks: {
        onVerified() {
          throw new Error('my own mistake');
        },
      },
    });
    const server = express().use('/api/v1/auth', authRouter(told)).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      await told.signUp({ email: 'hooked@example.com', password });
      const token = tokenOf(await told.lastLinkTo('hooked@example.com'));
      const { status } = await fetch(`http://127.0.0.1:${port}/api/v1/auth/verify-email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, password }),
      });
      expect(status).to.equal(500);
      const failed = lines.find((line) => 'event' in line && line.event === 'http.failed');
      expect(failed).to.have.nested.property('error.cause', 'my own mistake');
    } finally {
      await new Promise((resolve) => server.close(resolve));
      await told.stop();
    }
  });

  it('says whom no link was published to, and forgets when told to', async () => {
    fluentmeet.publisher.clear();
    const error = await rejection(fluentmeet.lastLinkTo('host-11@example.com'));
    expect(error.message).to.contain('no verification link to host-11@example.com');
    expect(fluentmeet.publisher.emails).to.deep.equal([]);
  });
});
