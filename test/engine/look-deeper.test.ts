import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { probesOf, readProbes } from '../../lib/engine/examine-host.ts';
import { lookDeeper, type LookProgress } from '../../lib/engine/look-deeper.ts';
import type { Json } from '../../lib/model/json.ts';
import type { Kind } from '../../lib/model/resource.ts';
import type { SectionResult } from '../../lib/model/script.ts';
import type { Look } from '../../lib/model/step.ts';
import { sh } from '../../lib/shell/sh.ts';
import { declaredOf, examinedOf } from '../support/planning.ts';

const { kind: thing } = declaredOf({ name: 'a' });

/** A kind that asks the host for its facts and sees the answer's text, and looks closer if it has something to look for. */
function kindNamed(name: string, looks: readonly Look[] = []): Kind {
  return {
    ...thing,
    name,
    probe: () => sh`facts`,
    observe: (result, declared) => declared.map(() => textOf(result)),
    deepen: () => looks,
    observeDeeper: (results, declared) => declared.map(() => results.map(textOf)),
  };
}

function textOf(result: SectionResult): Json {
  return Buffer.from(result.stdout).toString();
}

function result(name: string): SectionResult {
  return { name, code: 0, stdout: Buffer.from(`answer of ${name}`), stderr: '', durationMs: 1 };
}

const blank = (serial: string): Look => ({ title: `disk ${serial}`, script: sh`prove ${serial}` });

/** Looks closer at two kinds of one host. */
async function look(kinds: readonly Kind[], wanted?: Parameters<typeof lookDeeper>[3]) {
  const sent: string[][] = [];
  const progress: LookProgress[] = [];
  const examined = kinds.map((kind, i) => examinedOf({ name: `${i}` }, { kind, observed: 'first' }));
  const seen = await lookDeeper(
    examined,
    new Map(),
    {
      exchange: (sections, listener) => {
        sent.push(sections.map(({ script }) => script.text));
        for (const { name } of sections) {
          listener.started?.(name);
          listener.finished?.(result(name));
        }
        return Promise.resolve(sections.map(({ name }) => result(name)));
      },
      progress: (each) => progress.push(each),
    },
    wanted,
  );
  return { sent, progress, observed: seen.map((each) => each.observed) };
}

describe('probes of several kinds', () => {
  it('that ask the same are sent once, and each kind gets the answer', () => {
    const host = {
      chunks: ['disk', 'mount'].map((name) => ({ ...declaredOf({ name }), kind: kindNamed(name) })),
      conditions: new Map(),
      settings: new Map(),
      checks: new Map(),
      diagnostics: [],
    };

    const probes = probesOf(host, new Map());
    const seen = readProbes(host, probes, [result('probe.disk')]);

    assert.deepEqual(
      probes.sections.map((section) => section.name),
      ['probe.disk'],
    );
    assert.deepEqual(
      seen.map((each) => each.observed),
      ['answer of probe.disk', 'answer of probe.disk'],
    );
  });
});

describe('lookDeeper', () => {
  it('asks nothing when no kind has anything left open', async () => {
    const { sent, observed } = await look([kindNamed('disk'), thing]);

    assert.deepEqual(sent, []);
    assert.deepEqual(observed, ['first', 'first']);
  });

  it('asks for all kinds in one exchange, equal looks once, and gives each kind its answers in order', async () => {
    const { sent, observed } = await look([
      kindNamed('disk', [blank('A'), blank('B')]),
      kindNamed('blockdev', [blank('B')]),
    ]);

    assert.deepEqual(sent, [['prove A', 'prove B']]);
    assert.deepEqual(observed, [['answer of look.0', 'answer of look.1'], ['answer of look.1']]);
  });

  it('tells what it looks at and how far it is', async () => {
    const { progress } = await look([kindNamed('disk', [blank('A'), blank('B')])]);

    assert.deepEqual(progress, [
      { what: 'disk A', done: 0, total: 2 },
      { what: 'disk B', done: 1, total: 2 },
    ]);
  });

  it('leaves out chunks that nothing more need be known of', async () => {
    const { sent, observed } = await look([kindNamed('disk', [blank('A')])], () => false);

    assert.deepEqual(sent, []);
    assert.deepEqual(observed, ['first']);
  });
});
