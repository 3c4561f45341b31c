import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { runCommandLine, withProjectTree, type ProjectFiles } from '../support/command-line.ts';
import { faultsIn, SCALE, SEED } from './faults.ts';
import { damagedProject, SEEDS } from './project-arbitrary.ts';

const COMMANDS: readonly (readonly string[])[] = [
  ['check'],
  ['check', '--lax', '--json'],
  ['explain', 'web1', 'web:listen'],
  ['show', 'low', 'web1', '--offline'],
  ['hosts'],
  ['fmt', '--check'],
];

/** What has no place in a file: it is about a file as a whole, or about what is not there. */
const PLACELESS =
  /^error\[(SLAB6\d\d\d|SLAB1011|SLAB2023)\]|^error\[SLAB1001\]: \S+:\d+:\d+ is not UTF-8|there is no top file|^error\[SLAB2021\]/;

async function faultsOf(files: ProjectFiles, ended: (code: number) => void): Promise<readonly string[]> {
  return withProjectTree(files, async (project) => {
    const all: string[] = [];
    for (const command of COMMANDS) {
      const end = await runCommandLine(project, command);
      ended(end.code);
      all.push(
        ...faultsIn(end, PLACELESS).map((fault) => `slab ${command.join(' ')}: ${fault}\n${end.stderr}`),
      );
    }
    return all;
  });
}

describe(`a project with damaged files (SLAB_FUZZ_SEED=${SEED})`, () => {
  it('is one that compiles before it is damaged', async () => {
    const end = await withProjectTree(SEEDS, (project) => runCommandLine(project, ['check']));

    assert.equal(end.stderr, '');
    assert.equal(end.code, 0);
  });

  it('gives diagnostics with places, and never a crash', async function () {
    this.timeout(120_000 * SCALE);

    let [refused, accepted] = [0, 0];
    const ended = (code: number): void => {
      if (code === 3) refused += 1;
      else accepted += 1;
    };

    await fc.assert(
      fc.asyncProperty(damagedProject, async (files) => {
        assert.deepEqual(await faultsOf(files, ended), []);
      }),
      { numRuns: 150 * SCALE, seed: SEED },
    );

    // Damage that never matters, or always in the same way, would find nothing.
    assert.ok(refused > 100 * SCALE && accepted > 100 * SCALE, `${refused} refused, ${accepted} accepted`);
  });
});
