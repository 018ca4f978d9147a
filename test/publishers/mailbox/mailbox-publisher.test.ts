import { expect } from 'chai';
import { appendFile, type FileHandle, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sinon from 'sinon';
import { openMailbox } from '../../../src/publishers/mailbox/mailbox-publisher.js';
import { OutageError, type OutgoingEmail } from '../../../src/outbox/publisher.js';
import { sampleEmail } from '../../../src/outbox/sample-email.js';
import { rejection } from '../../fluentmeet/test-instance.js';

describe('mailbox publisher', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-mailbox-'));
    file = path.join(folder, 'mailbox.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const sample = sampleEmail({ full_name: 'Ada\n李' });
  const email = (eventId: string): OutgoingEmail => ({
    ...sample,
    headers: { ...sample.headers, 'event-id': eventId },
  });
  const ids = (mailbox: Awaited<ReturnType<typeof openMailbox>>) =>
    mailbox.list().map(({ headers }) => headers['event-id']);

  it('keeps emails, newest first, over a restart, for its owner alone', async () => {
    const first = await openMailbox(file);
    expect(await first.publish([email('a'), email('b')])).to.deep.equal([
      { status: 'published' },
      { status: 'published' },
    ]);
    await first.publish([email('c')]);
    expect(ids(first)).to.deep.equal(['c', 'b', 'a']);
    const second = await openMailbox(file);
    expect(second.list()).to.deep.equal(first.list());
    expect(second.list()[0]).to.deep.include(email('c'));
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
  });

  it('drops repeats by their event id, also those from before a restart', async () => {
    const first = await openMailbox(file);
    await first.publish([email('a')]);
    await first.publish([email('a'), email('b')]);
    const second = await openMailbox(file);
    await second.publish([email('b')]);
    expect(ids(second)).to.deep.equal(['b', 'a']);
  });

  it('gets over half a line that a killed process left, and closes a file that was open to others', async () => {
    const first = await openMailbox(file);
    await first.publish([email('a')]);
    await appendFile(file, '{"key":"1","val');
    const second = await openMailbox(file);
    await second.publish([email('b')]);
    expect(ids(await openMailbox(file))).to.deep.equal(['b', 'a']);
    const readable = path.join(folder, 'open.jsonl');
    await writeFile(readable, '', { mode: 0o644 });
    await openMailbox(readable);
    expect((await stat(readable)).mode & 0o777).to.equal(0o600);
  });

  it('leaves nothing of what a full disk took in part, and keeps what is written next', async () => {
    const mailbox = await openMailbox(file);
    await mailbox.publish([email('a')]);
    const before = await readFile(file, 'utf8');
    const handle = await open(file);
    const stub = sinon.stub(Object.getPrototypeOf(handle) as FileHandle, 'appendFile');
    await handle.close();
    try {
      stub.callsFake(async function (this: FileHandle, text) {
        await this.write(String(text).slice(0, -100));
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      });
      const error = await rejection(mailbox.publish([email('b'), email('c')]));
      expect(error).to.be.instanceOf(OutageError);
      expect(await readFile(file, 'utf8')).to.equal(before);
    } finally {
      stub.restore();
    }
    await mailbox.publish([email('b'), email('c')]);
    expect(ids(await openMailbox(file))).to.deep.equal(['c', 'b', 'a']);
  });

  it('forgets the oldest at the start when there are more than 500', async () => {
    const first = await openMailbox(file);
    await first.publish(Array.from({ length: 510 }, (_, index) => email(String(index))));
    const second = await openMailbox(file);
    expect(second.list()).to.have.length(500);
    expect(ids(second)[0]).to.equal('509');
  });
});
