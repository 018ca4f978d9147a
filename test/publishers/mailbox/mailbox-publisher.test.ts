import { expect } from 'chai';
import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openMailbox } from '../../../src/publishers/mailbox/mailbox-publisher.js';
import type { OutgoingEmail } from '../../../src/outbox/publisher.js';
import { sampleEmail } from '../../../src/outbox/sample-email.js';

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
    const open = path.join(folder, 'open.jsonl');
    await writeFile(open, '', { mode: 0o644 });
    await openMailbox(open);
    expect((await stat(open)).mode & 0o777).to.equal(0o600);
  });

  it('forgets the oldest at the start when there are more than 500', async () => {
    const first = await openMailbox(file);
    await first.publish(Array.from({ length: 510 }, (_, index) => email(String(index))));
    const second = await openMailbox(file);
    expect(second.list()).to.have.length(500);
    expect(ids(second)[0]).to.equal('509');
  });
});
