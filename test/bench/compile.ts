import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commit, git } from '../support/repository.ts';
import { writeFleet } from './fleet.ts';
import { medianOf, takeIn, type Taken } from './taken.ts';

/**
 * Measures how long hosts take to compile, as whole processes beside each other in one run: `slab check` of a fleet
 * whose hosts all render differently, of one whose hosts render alike, and of one large host; `slab diff` of a change that
 * one host in five reads, and of one that every host does; and the compiler alone, without what the kinds make of the states. `compile.ts [RUNS] [HOSTS]`.
 */
const [runsText = '3', hostsText = '1000'] = process.argv.slice(2);
const [runs, hosts] = [Number(runsText), Number(hostsText)];
const here = new URL('.', import.meta.url).pathname;
const slab = join(here, '../../bin/slab');
const project = mkdtempSync(join(tmpdir(), 'slab-compile-'));

interface Row {
  readonly title: string;
  readonly hosts: number;
  readonly command: readonly string[];
}

const check = (environment: string): readonly string[] => [slab, 'check', '-C', project, '-i', environment];
const diff = (head: string): readonly string[] => [
  ...[slab, 'diff', '-C', project, '-i', 'different', '--base', 'base', '--head', head],
];
// By its place: the processes start in the project, from where nobody finds tsx.
const tsx = import.meta.resolve('tsx');
const alone = (environment: string): readonly string[] => [
  ...[process.execPath, `--import=${tsx}`, join(here, 'compile-only.ts'), project, environment],
];
const rows: readonly Row[] = [
  { title: `check, ${hosts} different hosts`, hosts, command: check('different') },
  { title: `check, ${hosts} equal hosts`, hosts, command: check('twins') },
  { title: 'check, 1 host, 1,000 states', hosts: 1, command: check('large') },
  { title: `diff, ${hosts / 5} of ${hosts} read it`, hosts, command: diff('few') },
  { title: `diff, ${hosts} of ${hosts} read it`, hosts, command: diff('all') },
  { title: `compiler alone, ${hosts} different`, hosts, command: alone('different') },
  { title: 'slab --version', hosts: 0, command: [slab, '--version'] },
];

function line(row: Row, taken: Taken, base: Taken): string {
  const each = row.hosts < 2 ? '' : `${(row.hosts / taken.wall).toFixed(0)}/s`;
  return [
    row.title.padEnd(32),
    `${taken.wall.toFixed(2)} s`.padStart(9),
    `${taken.cpu.toFixed(2)} s`.padStart(9),
    each.padStart(8),
    `${taken.memory.toFixed(0)} MB`.padStart(8),
    `${(taken.cpu / base.cpu).toFixed(2)}x`.padStart(8),
  ].join(' ');
}

/** Two revisions beside the first: a change that only databases read, and one of every host's macros. */
function writeRevisions(): void {
  git(project, 'init', '-q');
  appendFileSync(join(project, '.gitignore'), '.slab\n');
  for (const [branch, file, text] of [
    ['base'],
    ['few', 'states/store/postgresql.conf.j2', 'log_connections = on\n'],
    ['all', 'states/macros.jinja', '{# macros of all roles #}\n'],
  ] as const) {
    if (branch !== 'base') git(project, 'checkout', '-q', 'base');
    git(project, 'checkout', '-q', '-b', branch);
    if (file !== undefined) appendFileSync(join(project, file), text);
    commit(project, branch);
  }
}

try {
  writeFleet(project, hosts);
  writeRevisions();
  const taken = rows.map((): Taken[] => []);
  for (let run = 0; run < runs; run++)
    for (const [index, row] of rows.entries()) taken[index]?.push(takeIn(project, row.command));
  const medians = taken.map(medianOf);
  process.stdout.write(`${runs} runs each, medians; about 100 states a host; CPU beside the first row\n`);
  process.stdout.write(
    `${'work'.padEnd(32)} ${'wall'.padStart(9)} ${'CPU'.padStart(9)} ${'hosts'.padStart(8)} ${'memory'.padStart(8)} ${'ratio'.padStart(8)}\n`,
  );
  for (const [index, row] of rows.entries()) {
    const [mine, base] = [medians[index], medians[0]];
    if (mine !== undefined && base !== undefined) process.stdout.write(`${line(row, mine, base)}\n`);
  }
} finally {
  rmSync(project, { recursive: true, force: true });
}
