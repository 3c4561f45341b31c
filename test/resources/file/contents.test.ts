import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { FileSource } from '../../../lib/model/resource.ts';
import { declareChunk, kinds } from '../../../lib/resources/index.ts';
import { chunkOf } from '../../support/chunk.ts';
import { fileSourceOf } from '../../support/file-source.ts';

const PILLAR: Readonly<Record<string, string>> = { 'tls:key': 'line 1\nline 2' };

/** Answers the one template that looks up a pillar key. */
const files: FileSource = {
  ...fileSourceOf({}),
  render: ({ text }) => {
    const template = text?.type === 'scalar' && typeof text.value === 'string' ? text.value : '';
    const key = /salt\['pillar\.get'\]\("([^"]+)", none\)/.exec(template)?.[1] ?? '';
    return Object.hasOwn(PILLAR, key) ? `text${PILLAR[key] ?? ''}` : 'none';
  },
};

function declare(args: Readonly<Record<string, string>>): ReturnType<typeof declareChunk> {
  const chunk = chunkOf({ module: 'file', fun: 'managed', name: '/x', args });
  return declareChunk(chunk, { grains: new Map(), files, kinds });
}

describe('contents of a managed file', () => {
  it('come from the pillar, and end in a newline', () => {
    const { value } = declare({ contents_pillar: 'tls:key' });

    assert.equal(
      Buffer.from((value?.value as { content: Uint8Array }).content).toString(),
      'line 1\nline 2\n',
    );
  });

  it('are refused when the pillar has no such key, at the place of the key', () => {
    const [diagnostic] = declare({ contents_pillar: 'tls:kye' }).diagnostics;

    assert.equal(diagnostic?.summary, 'there is no tls:kye in the pillar of this host');
    assert.equal(diagnostic.source?.column, 9);
  });

  it('come from one place only', () => {
    const [diagnostic] = declare({ contents: 'a', contents_pillar: 'tls:key' }).diagnostics;

    assert.equal(diagnostic?.summary, 'both "contents" and "contents_pillar" say what the file holds');
  });
});
