import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { stageFunctions, stageScript, trialFolder } from '../../lib/confirm/scripts.ts';
import type { Script, SectionResult } from '../../lib/model/script.ts';
import type { Trial } from '../../lib/model/step.ts';
import { joinScripts, sh } from '../../lib/shell/sh.ts';

/** What hosts without systemd have as `sh`. */
export const HOST_SHELLS: readonly (readonly string[])[] = [['dash'], ['busybox', 'sh']];

const MARK = '@@@';
/** The folder of the trial at hand. */
export const folder = trialFolder('r1-1');

/** What a host without systemd, with a /run and /etc of its own, prints of each script; it ends with the last. Needs root. */
export function onHost(shell: readonly string[], scripts: readonly Script[]): readonly SectionResult[] {
  // Its /bin/sh too is the shell in question.
  const [program = 'sh'] = shell;
  const own =
    'mkdir -p /run/own/etc /run/own/work && mount -t overlay -o lowerdir=/etc,upperdir=/run/own/etc,workdir=/run/own/work etc /etc';
  const setUp = `mount -t tmpfs run /run && ${own} && mount --bind "$(command -v ${program})" "$(readlink -f /bin/sh)" && exec ${shell.join(' ')} -s`;
  const before = joinScripts([
    stageFunctions,
    sh`slab_dir=/run/slab/r1
mkdir -p "$slab_dir"
exec 9>>/run/slab/lock
slab_ttl=60
slab_lease_for() { :; } # of the runner: the lock outlives the trial
until_there() { # PATH…: one of them
  tries=0
  while [ "$tries" -lt 400 ]; do
    for each; do [ ! -e "$each" ] || return 0; done
    tries=$((tries + 1))
    sleep 0.05
  done
}
until_applied() { until_there "$1/rc" "$1/decided"; }
until_ended() {
  until_there "$1/decided"
  until grep -q '^confirmed\|^rolled-back' "$1/decided/how"; do sleep 0.05; done
}`,
  ]);
  const text = scripts.map((script) => `echo '${MARK}'\n${script.text}\n`).join('');
  const ran = spawnSync('unshare', ['--mount', '--pid', '--fork', '--mount-proc', 'sh', '-c', setUp], {
    input: `${before.text}\n${text}`,
    encoding: 'utf8',
  });
  assert.equal(ran.status, 0, `needs root and unshare(1): ${ran.stderr}`);
  return ran.stdout
    .split(`${MARK}\n`)
    .slice(1)
    .map((stdout) => ({ name: '', code: 0, stdout: Buffer.from(stdout), stderr: '', durationMs: 0 }));
}

/** Writes down that it was run. */
export const does = (word: string): Script => sh`echo ${word} >>/run/did`;
/** What was written down. */
export const did = sh`cat /run/did 2>/dev/null || :`;
const textOf = (result: SectionResult | undefined) => Buffer.from(result?.stdout ?? '').toString();
/** A script's output, word by word. */
export const words = (result: SectionResult | undefined) => textOf(result).split(/\s+/).filter(Boolean);

/** A step on trial that writes down what is done to it. */
export function kept(
  part: string,
  trial: Partial<Trial> = {},
  script = does(`try-${part}`),
  at = folder,
): Script {
  return stageScript(at, part, {
    title: `step ${part}`,
    risk: 'change',
    script,
    trial: {
      about: 'network',
      stores: [],
      rollback: sh`[ "$slab_rehearsal" = yes ] || echo ${`back-${part}`} >>/run/did`,
      persist: does(`store-${part}`),
      resume: does(`resume-${part}`),
      ...trial,
    },
  });
}

/** Waits until all is applied, or not. */
export const applied = sh`until_applied ${folder}`;
/** Waits until it is decided and done. */
export const ended = sh`until_ended ${folder}`;
/** Scripts and what they keep, that is still there soon after. */
export const left = sh`cd ${folder}
tries=0
while [ "$(ls | grep -c '[.]0')" != 0 ] && [ "$tries" -lt 20 ]; do tries=$((tries + 1)); sleep 0.05; done
find . -name trial -o -name kept-secret`;
