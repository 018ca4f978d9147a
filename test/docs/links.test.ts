import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';

/** Those that a reader of the repository comes upon, by README or beside it. */
async function pages(): Promise<string[]> {
  const docs = (await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  const examples = (await readdir('examples', { recursive: true }))
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => `examples/${name}`);
  const rest = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'test/README.md',
    'bench/results.md',
  ];
  return [...rest, ...docs, ...examples];
}

/** As GitHub makes them of headings; a second one of the same words has a number. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, title = ''] of withoutCode(text).matchAll(/^#{1,6} (.*)$/gm)) {
    const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const anchor = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-');
    let unique = anchor;
    for (let number = 1; anchors.has(unique); number++) unique = `${anchor}-${number}`;
    anchors.add(unique);
  }
  return anchors;
}

function linksOf(text: string): string[] {
  return [...withoutCode(text, true).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)].map(
    ([, link = '']) => link,
  );
}

function withoutCode(text: string, inline = false): string {
  const outside = text.replaceAll(/^ *```.*?^ *```$/gms, '');
  return inline ? outside.replaceAll(/`[^`\n]*`/g, '') : outside;
}

/** Whole paths, as `src/users/user.ts`; `…`, `*`, `<…>` and `00NN` stand for many. */
function filesNamedIn(text: string): string[] {
  const names = [
    ...withoutCode(text).matchAll(
      /`((?:src|test|docs|bench|bin|deploy|migrations|\.ci|\.github)\/[\w./-]+)`/g,
    ),
  ];
  return names.map(([, name = '']) => name).filter((name) => !name.includes('00NN'));
}

async function deadLinks(page: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  const dead: string[] = [];
  for (const link of linksOf(text)) {
    if (/^[a-z]+:/.test(link)) continue;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : path.join(path.dirname(page), decodeURI(file));
    const found = await stat(target).catch(() => undefined);
    const hasAnchor =
      anchor === undefined ||
      (found?.isFile() === true && anchorsOf(await readFile(target, 'utf8')).has(anchor));
    if (!found || !hasAnchor) dead.push(`${page}: ${link}`);
  }
  return dead;
}

describe('the links of the documents', () => {
  it('lead to files and headings that exist', async () => {
    const all = await pages();
    expect((await Promise.all(all.map(deadLinks))).flat()).to.deep.equal([]);
    const links = await Promise.all(all.map(async (page) => linksOf(await readFile(page, 'utf8'))));
    expect(links.flat().length).to.be.greaterThan(40);
  });

  it('and the names of files in code lead to files that exist', async () => {
    const text = await Promise.all(
      (await pages()).map(async (page) => [page, await readFile(page, 'utf8')] as const),
    );
    const named = text.flatMap(([page, all]) => filesNamedIn(all).map((file) => ({ page, file })));
    const found = await Promise.all(named.map(({ file }) => stat(file).catch(() => undefined)));
    expect(named.filter((_, index) => !found[index])).to.deep.equal([]);
    expect(named.length).to.be.greaterThan(20);
  });

  it('lead from README to every document', async () => {
    const links = linksOf(await readFile('README.md', 'utf8'));
    const docs = (await readdir('docs')).filter((name) => name.endsWith('.md'));
    expect(docs.filter((name) => !links.includes(`docs/${name}`))).to.deep.equal([]);
  });

  it('are found dead where a file or a heading is missing', async () => {
    expect(linksOf('[a](b.md#c) `[d](e)` ![f](g.webp "h")')).to.deep.equal(['b.md#c', 'g.webp']);
    expect([...anchorsOf("# One person's `mail`\n## A\n## A")]).to.deep.equal([
      'one-persons-mail',
      'a',
      'a-1',
    ]);
  });
});
