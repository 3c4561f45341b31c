import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { answerAlone } from '../../lib/cli/show-alone.ts';

/**
 * Compiles a folder of cases whose low states Salt computed, and compares: `node --import=tsx test/salt/compare.ts CASES
 * FORMULAS [RESULTS] [ID]`. CASES holds cases.json, grains.json, lowstate/, plan.py and compare.py; FORMULAS a work
 * tree for each formula (`nginx-formula`). Only cases whose id begins with ID are compiled; without one, all.
 */
interface Case {
  readonly id: string;
  readonly formula: string;
  readonly sls: readonly string[] | null;
  readonly pillar?: string;
  readonly also_roots?: readonly string[];
  /** A folder with states and pillar of its own. */
  readonly input?: string;
  readonly result: string;
}

const [cases = '', formulas = '', given, only = ''] = process.argv.slice(2);
if (cases === '' || formulas === '') {
  console.error('usage: compare.ts CASES FORMULAS [RESULTS] [ID]');
  process.exit(3);
}
const results = given ?? mkdtempSync(join(tmpdir(), 'slab-salt-'));
const began = Date.now();
const all = (read(join(cases, 'cases.json')) as { readonly cases: readonly Case[] }).cases;
writePillars();
for (const each of all.filter((one) => one.id.startsWith(only))) {
  const path = join(results, each.result.replace(/^lowstate\//, ''));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, compile(each));
}
console.log(`compiled in ${Math.round((Date.now() - began) / 1000)} s into ${results}`);
const compared = spawnSync('python3', [join(cases, 'compare.py'), results, '--files'], { stdio: 'inherit' });
process.exit(compared.status ?? 1);

function compile(one: Case): string {
  // What Salt found is also a file of answers: it holds those of its host functions.
  const answers = join(cases, one.result);
  try {
    return answerAlone({
      sls: one.sls ?? [],
      ...places(one),
      grains: join(cases, 'grains.json'),
      answers,
      files: true,
    }).text;
  } catch (error) {
    // A bug is a result too: the comparison shows it.
    return JSON.stringify({ status: 'error', error_class: 'bug', errors: [String(error)] });
  }
}

/** Trees, and what else Salt was told: a case with several saltenvs lists them in its configuration. */
interface Places {
  readonly states: readonly string[];
  readonly pillar?: string;
  readonly config?: string;
}

function places({ formula, pillar, input, also_roots = [] }: Case): Places {
  if (input === undefined)
    return {
      states: [formula, ...also_roots].map((name) => join(formulas, `${name}-formula`)),
      pillar: join(results, 'pillar', formula, pillar ?? 'empty'),
    };
  const own = join(cases, input);
  const tree = existsSync(join(own, 'pillar')) ? { pillar: join(own, 'pillar') } : {};
  const states = existsSync(join(own, 'states')) ? [join(own, 'states')] : [];
  return { states, ...tree, config: join(own, 'case.json') };
}

/** plan.py writes the pillar of every case out as a tree, and wants the scripts around it in a folder of its own. */
function writePillars(): void {
  mkdirSync(join(results, 'plan'), { recursive: true });
  for (const name of ['plan.py', 'needs.json', 'pillar-fixes.json'])
    cpSync(join(cases, name), join(results, 'plan', name));
  execFileSync('python3', [join(results, 'plan/plan.py'), formulas, formulas, join(results, 'pillar')], {
    stdio: ['ignore', 'ignore', 'ignore'],
    maxBuffer: 2 ** 26,
  });
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
