import { chmod, open, readFile, writeFile } from 'node:fs/promises';
import { OutageError, type OutgoingEmail, type Publisher } from '../../outbox/publisher.js';

/** More than a developer looks at; older ones are forgotten at the next start. */
const kept = 500;

export interface MailboxEmail extends OutgoingEmail {
  /** ISO 8601. */
  readonly publishedAt: string;
}

export interface MailboxPublisher extends Publisher {
  /** Newest first. */
  list(): readonly MailboxEmail[];
}

/**
 * Keeps emails in a file (mode 0600, one JSON line each) in the place of a broker: for `fluentmeet dev` alone. Drops
 * repeats by their event id, as every consumer should.
 */
export async function openMailbox(file: string): Promise<MailboxPublisher> {
  const emails = await readMailbox(file);
  await writeFile(file, emails.map(toLine).join(''), { mode: 0o600 });
  // The mode above is for a new file only.
  await chmod(file, 0o600);
  const seen = new Set(emails.map(eventId));
  return {
    async publish(outgoing) {
      const publishedAt = new Date().toISOString();
      const fresh = outgoing
        .filter((email) => !seen.has(eventId(email)))
        .map((email) => ({ ...email, publishedAt }));
      await appendWhole(file, fresh.map(toLine).join('')).catch((cause: unknown) => {
        throw new OutageError('the mailbox cannot be written', { cause });
      });
      for (const email of fresh) {
        seen.add(eventId(email));
        emails.push(email);
      }
      return outgoing.map(() => ({ status: 'published' }));
    },
    async check() {},
    async close() {},
    list: () => emails.toReversed().slice(0, kept),
  };
}

/** All of it or nothing: a full disk takes a part, which would stand before what is written next. */
async function appendWhole(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    const { size } = await handle.stat();
    await handle.appendFile(text).catch(async (error: unknown) => {
      await handle.truncate(size);
      throw error;
    });
  } finally {
    await handle.close();
  }
}

async function readMailbox(file: string): Promise<MailboxEmail[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap(parseLine).slice(-kept);
}

/** A process killed while it wrote leaves half a line. */
function parseLine(line: string): MailboxEmail[] {
  try {
    return [JSON.parse(line) as MailboxEmail];
  } catch {
    return [];
  }
}

function toLine(email: MailboxEmail): string {
  return `${JSON.stringify(email)}\n`;
}

function eventId({ headers }: OutgoingEmail): string {
  return headers['event-id'];
}
