import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { slabProgram } from './slab.ts';

/** What a step of a pipeline left behind. */
export interface StepEnd {
  readonly code: number | null;
  readonly all: string;
}

/** A machine of a CI service, as far as steps see it: folders, a variable file, and `slab` in its path. */
export interface Runner {
  readonly home: string;
  /** The folder for what steps hand on. */
  readonly temp: string;
  /** Runs the text of a step in a checkout. */
  readonly run: (script: string, at: string, more: Readonly<Record<string, string>>) => StepEnd;
  /** Puts a program into the path. */
  readonly install: (name: string, text: string) => void;
  /** Ends what steps have started. */
  readonly end: () => void;
}

/** Makes a machine in a folder of its own. */
export function newRunner(folder: string): Runner {
  const [home, temp, programs] = ['home', 'temp', 'bin'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [home, temp, programs]) mkdirSync(each, { recursive: true });
  symlinkSync(slabProgram, join(programs, 'slab'));
  const variables = join(folder, 'variables');
  writeFileSync(variables, '');
  const handedOn = (): Record<string, string> =>
    Object.fromEntries(
      readFileSync(variables, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  return {
    home,
    temp,
    run(script, at, more) {
      const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', script], {
        cwd: at,
        encoding: 'utf8',
        env: {
          ...{ PATH: `${programs}:${process.env['PATH'] ?? ''}`, HOME: home, CI: 'true' },
          ...{ RUNNER_TEMP: temp, GITHUB_ENV: variables, GITHUB_STEP_SUMMARY: join(temp, 'summary.md') },
          ...handedOn(),
          ...more,
        },
      });
      return { code: status, all: stdout + stderr };
    },
    install(name, text) {
      writeFileSync(join(programs, name), text);
      chmodSync(join(programs, name), 0o755);
    },
    end() {
      for (const [, agent = ''] of readFileSync(variables, 'utf8').matchAll(/^SSH_AGENT_PID=(\d+)$/gm))
        if (existsSync(`/proc/${agent}`)) process.kill(Number(agent));
    },
  };
}

/** GitHub's expressions in a text, as an event answers them; one that is not listed fails the test. */
export function expanded(text: string, answers: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_all, words: string) => {
    const answer = answers[words];
    assert.ok(answer !== undefined, `the expression ${words} is not expected`);
    return answer;
  });
}
