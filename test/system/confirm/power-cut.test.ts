import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { armScript } from '../../../lib/confirm/scripts.ts';
import type { Script } from '../../../lib/model/script.ts';
import { joinScripts, sh } from '../../../lib/shell/sh.ts';
import { applied, folder, kept, onHost, words } from '../../support/trial-host.ts';

/** Every tool by which a trial changes what is on a disk. After so many calls of them the power is gone: the next waits. */
const tools = sh`mkdir /run/tools
for tool in mv cp rm ln mkdir rmdir sync; do
  printf '#!/bin/sh\n[ ! -e /run/cut-after ] || {\n  echo >>/run/calls\n  if [ "$(wc -l </run/calls)" -gt "$(cat /run/cut-after)" ]; then : >/run/cut; exec sleep 1000; fi\n}\nexec %s "$@"\n' "$(command -v $tool)" >/run/tools/$tool
  chmod 755 /run/tools/$tool
done
mount --bind /run/tools /usr/local/sbin
PATH=/usr/sbin:/usr/bin:/sbin:/bin # for what is not to be cut
cut_after() { # CALLS COMMAND…: runs it until the power is cut, or it ends
  : >/run/calls
  echo "$1" >/run/cut-after
  shift
  PATH=/usr/local/sbin:$PATH setsid sh -c '"$@"; : >/run/cut' sh "$@" </dev/null >/dev/null 2>&1 &
  victim=$!
  until [ -e /run/cut ]; do sleep 0.02; done
  kill -9 "-$victim" 2>/dev/null
  wait "$victim" 2>/dev/null
  rm -f /run/cut /run/cut-after
}
boot() { [ ! -e /etc/slab/undo/script ] || sh -eu /etc/slab/undo/script boot >/dev/null; }
restart() {
  kill -9 "-$(cat ${folder}/sleeper 2>/dev/null)" 2>/dev/null
  rm -rf /run/slab/trial
}
stored() { # what the host has, in one word, and what is left of the trial
  for file in changed made gone atonce; do printf %s, "$(cat /etc/slab-test/$file 2>/dev/null)"; done
  find /etc/slab /etc/systemd/system/slab-undo.service /etc/systemd/system/sysinit.target.wants/slab-undo.service 2>/dev/null |
    grep -Ecv '^/etc/slab(/undo)?$' || : # an empty folder is nothing
}
before() {
  rm -rf /etc/slab-test
  mkdir -p /etc/slab-test
  for file in changed gone atonce; do echo old >/etc/slab-test/$file; done
}`;

const put = (path: string): Script =>
  sh`echo new >${`${path}.new`}
mv ${`${path}.new`} ${path}`;
const at = (name: string) => `/etc/slab-test/${name}`;
/** A trial that changes a file, makes one, takes one away, and has one that is written while it is tried. */
const trial = joinScripts([
  kept('0.0', { stores: [at('changed')], persist: put(at('changed')) }),
  kept('1.0', { stores: [at('made')], persist: put(at('made')) }),
  kept('2.0', { stores: [at('gone')], persist: sh`rm ${at('gone')}` }),
  kept(
    '3.0',
    {
      stores: [at('atonce')],
      persist: sh`:`,
      rollback: sh`[ "$slab_rehearsal" = yes ] || { echo old >${`${at('atonce')}.old`} && mv ${`${at('atonce')}.old`} ${at('atonce')}; }`,
    },
    put(at('atonce')),
  ),
]);
const OLD = 'old,,old,old,0';
const NEW = 'new,new,,new,0';
/** More calls than any of it takes, but for the last of tidying up. */
const CALLS = 32;

/** What a host has after a restart, when the power is cut after each number of calls. */
function cutEverywhere(prepare: Script, command: Script): readonly string[] {
  const rounds = Array.from({ length: CALLS }, (_, calls) => [
    sh`before`,
    prepare,
    joinScripts([sh`calls=${calls}`, command]),
    sh`restart
boot
stored`,
  ]).flat();
  const [, ...answers] = onHost(['dash'], [tools, ...rounds]);
  return answers.flatMap((answer, n) => (n % 4 === 3 ? words(answer) : []));
}

describe('a power cut while a trial of several parts is settled', function () {
  this.timeout(600_000);
  const tried = joinScripts([trial, armScript(folder, 60), applied]);

  it('leaves all files as before or all as wanted, wherever it comes in the storing, and nothing of the trial', () => {
    const after = cutEverywhere(tried, sh`cut_after "$calls" sh ${folder}/host confirm`);

    assert.equal(after.length, CALLS);
    const first = after.indexOf(NEW);
    assert.ok(first > 10, `it was cut in the middle: ${after.join(' ')}`);
    assert.deepEqual(
      after,
      after.map((_, calls) => (calls < first ? OLD : NEW)),
    );
  });

  const cases = [
    [
      'they are kept',
      joinScripts([tried, sh`sh ${folder}/host rollback`]),
      sh`echo ${at('changed')} >/run/paths
cut_after "$calls" sh -c 'sh -eu "$1" keep r1-1 </run/paths' sh ${folder}/undo`,
    ],
    ['they are taken back', tried, sh`cut_after "$calls" sh ${folder}/host rollback`],
    [
      'the boot puts them back',
      tried,
      sh`restart
cut_after "$calls" sh -eu /etc/slab/undo/script boot`,
    ],
  ] as const;
  for (const [when, prepare, command] of cases)
    it(`leaves all as before when it comes while ${when}`, () => {
      assert.deepEqual([...new Set(cutEverywhere(prepare, command))], [OLD]);
    });
});
