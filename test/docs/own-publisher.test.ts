import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { adaptPublisher, askPublisher } from '../../src/outbox/ask-publisher.js';
import type { PublishMany } from '../../src/outbox/publisher.js';
import { sampleEmail } from '../../src/outbox/sample-email.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));

interface Queue {
  put(): Promise<{ refused: boolean; reason?: string }>;
}

/** The example is copied: what it does of an outage, everybody's publisher does. */
describe('the publisher of docs/embedding.md', () => {
  let folder: string;
  let publisherOn: (queue: Queue) => PublishMany;
  before(async () => {
    const page = await readFile(path.join(repository, 'docs/embedding.md'), 'utf8');
    const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
    const example = blocks.find((code) => code.includes('const publisher: Publisher'));
    const [imports = '', rest = ''] = (example ?? '').split(/\n\n(.*)/s);
    const from = JSON.stringify(path.join(repository, 'src/index.ts'));
    await mkdir(path.join(repository, '.cache'), { recursive: true });
    folder = await mkdtemp(path.join(repository, '.cache/own-publisher-'));
    const file = path.join(folder, 'publisher.ts');
    const module = [
      imports.replace("'@fluentmeet/signup'", from),
      `import type { Publisher } from ${from};`,
      `export function publisherOn(queue: any): Publisher {\n${rest}\nreturn publisher;\n}`,
    ];
    await writeFile(file, module.join('\n'));
    ({ publisherOn } = (await import(pathToFileURL(file).href)) as { publisherOn: typeof publisherOn });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const statuses = async (queue: Queue) => {
    const results = await askPublisher(adaptPublisher(publisherOn(queue)), [sampleEmail(), sampleEmail()]);
    return results.map(({ status }) => status);
  };

  it('spends no attempt of any email while its queue is away', async () => {
    const put = () => Promise.reject(new Error('ECONNREFUSED'));
    expect(await statuses({ put })).to.deep.equal(['unavailable', 'unavailable']);
  });

  it('refuses one email alone, and publishes the others', async () => {
    const answers = [{ refused: true, reason: 'too large' }, { refused: false }];
    const put = async () => answers.shift() as { refused: boolean };
    expect(await statuses({ put })).to.deep.equal(['rejected', 'published']);
  });
});
