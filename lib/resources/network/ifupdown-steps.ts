import type { Comparison } from '../../network/comparison.ts';
import type { Script } from '../../model/script.ts';
import type { Step, Trial } from '../../model/step.ts';
import { withInput } from '../../shell/input.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { joinScripts, sh } from '../../shell/sh.ts';
import { keepWants } from './wants.ts';
import { type Asked, areFree, peersAnswer, questions } from './questions.ts';

const store = scriptFile(import.meta.url, './store.sh').text;
const keep = scriptFile(import.meta.url, './keep.sh').text;
const verify = scriptFile(import.meta.url, './verify.sh').text;
const trial = scriptFile(import.meta.url, './trial.sh').text;
const ifupdown = scriptFile(import.meta.url, './ifupdown.sh').text;
const tools = sh`. "$slab_trial/tools"`;

/** The step that brings a comparison about by ifupdown; on trial when it may end our own way to the host. */
export function ifupdownStep(seen: Comparison, asked: Asked): Step {
  const { title } = asked;
  const differs = seen.differences.length > 0;
  return seen.access === ''
    ? { title, script: plainScript(seen, asked), risk: differs ? 'disrupt' : 'change' }
    : { title, script: trialScript(seen), risk: 'disrupt', trial: trialOf(seen, asked) };
}

/** Whether what runs is changed by taking the interface down and up; routes and rules are set as they are. */
function isBrought({ differences, commands, expected }: Comparison): boolean {
  return differences.length > 0 && commands.length === 0 && expected.some(([, word]) => word === 'up');
}

/** What is wanted, kept in a folder. @param folder shell text of its name. */
function wants({ files }: Comparison, folder: Script): readonly Script[] {
  return keepWants(
    files.filter(({ want, have }) => want !== have),
    folder,
  );
}

/** How an interface is to be, and the addresses that it must not have when ifup begins. */
function words({ device, expected, owned }: Comparison): readonly string[] {
  const said = expected.filter(([of]) => of === device);
  return [
    device,
    said.some(([, word, value]) => word === 'up' && value === 'no') ? 'down' : 'up',
    ...said.flatMap(([, word, value]) => (word === 'address' ? [value] : [])),
    ...owned,
  ];
}

/** How it was. */
function wordsBefore(seen: Comparison): readonly string[] {
  const [device = '', , ...addresses] = words(seen);
  const wasDown = seen.differences.some(({ field, before }) => field === 'up' && before === false);
  return [device, wasDown ? 'down' : 'up', ...addresses];
}

/** Tried by ifup first, stored then; what was before comes back where that fails. */
function plainScript(seen: Comparison, asked: Asked): Script {
  const { touched, owned, ownedRoutes, commands } = seen;
  const keeps = sh`kept=$(mktemp -d)
trap 'rm -rf -- "$kept"' EXIT`;
  const prepare = [
    ...[store, keep, verify, ifupdown, keeps],
    sh`slab_ifupdown_view "$kept/old" >&2 || exit 1`,
    ...wants(seen, sh`"$kept/wants"`),
    sh`slab_ifupdown_view "$kept/new" "$kept/wants" >&2 || exit 1`,
  ];
  const stored = sh`slab_net_store "$kept/wants" /etc/network/interfaces.d`;
  if (seen.differences.length === 0) return joinScripts([...prepare, stored]);
  const expected = seen.expected.flat();
  const brought = isBrought(seen)
    ? [
        sh`slab_net_note "$kept/before" ${touched} -- ${[...owned, ...ownedRoutes]}
slab_ifupdown_note "$kept/set" ${seen.device}
slab_ifupdown_again "$kept/old" "$kept/new" ${words(seen)} || {
  echo "$fault: all is as before" >&2
  slab_ifupdown_back "$kept/old" "$kept/new" "$kept/set" ${wordsBefore(seen)}
  slab_net_restore "$kept/before" all
  exit 1
}
slab_net_restore "$kept/before" foreign`,
      ]
    : commands.map(({ does }) => sh`ip ${does}`);
  return joinScripts([
    ...prepare,
    ...areFree(seen),
    ...brought,
    stored,
    sh`slab_net_settle 15 ${expected} || { echo "$fault" >&2; exit 1; }`,
    ...peersAnswer(seen, asked),
  ]);
}

/** Into what runs alone; ifup reads a folder below /run. */
function trialScript(seen: Comparison): Script {
  const brought = isBrought(seen)
    ? [
        sh`slab_ifupdown_again "$slab_trial/old" "$slab_trial/new" ${words(seen)} || { echo "$fault"; exit 1; }
slab_net_restore "$slab_trial/before" foreign`,
      ]
    : seen.commands.map(({ does }) => sh`ip ${does}`);
  return joinScripts([
    tools,
    ...areFree(seen),
    ...brought,
    sh`slab_net_settle 3 ${seen.expected.flat()} || :`,
  ]);
}

function trialOf(seen: Comparison, asked: Asked): Trial {
  const { touched, owned, ownedRoutes, movedTo, files, commands } = seen;
  const stored = files.map(({ path }) => path);
  return {
    about: 'network',
    stores: stored,
    check: sh`command -v ip >/dev/null || { echo 'there is no ip on this host'; exit 1; }
command -v ifup >/dev/null || { echo 'there is no ifup on this host'; exit 1; }`,
    save: joinScripts([
      withInput(sh`cat >"$slab_trial/tools"`, joinScripts([store, keep, verify, trial, ifupdown]).text),
      tools,
      // What the parts of the trial before try is there as well.
      sh`slab_ifupdown_parts "$slab_trial" old || exit 1`,
      ...wants(seen, sh`"$slab_trial/wants"`),
      sh`slab_ifupdown_parts "$slab_trial" new || exit 1
slab_net_note "$slab_trial/before" ${touched} -- ${[...owned, ...ownedRoutes]}
slab_ifupdown_note "$slab_trial/set" ${seen.device}
slab_net_copy "$slab_trial/etc" ${stored}`,
    ]),
    rollback: joinScripts([
      tools,
      sh`if [ "$slab_rehearsal" = yes ]; then
  [ -s "$slab_trial/before/devices" ] || { echo 'nothing is kept of before'; exit 1; }
  ifquery -i "$slab_trial/old/interfaces" --list >/dev/null || { echo 'ifupdown cannot read its files of before'; exit 1; }
  exit
fi
rm -f "$slab_trial/stored"
slab_net_copy_back "$slab_trial/etc" ${stored}`,
      ...(isBrought(seen)
        ? [sh`slab_ifupdown_back "$slab_trial/old" "$slab_trial/new" "$slab_trial/set" ${wordsBefore(seen)}`]
        : commands.map(({ undoes }) => sh`ip ${undoes} 2>/dev/null || :`)),
      sh`slab_net_restore "$slab_trial/before" all`,
    ]),
    resume: joinScripts([
      tools,
      sh`if [ -e "$slab_trial/stored" ]; then
  slab_net_settle 15 ${seen.expected.flat()} || { echo "$fault"; exit 1; }
fi`,
    ]),
    confirm: joinScripts([tools, ...questions(seen, asked)]),
    persist: joinScripts([
      tools,
      sh`slab_net_store "$slab_trial/wants" /etc/network/interfaces.d
: >"$slab_trial/stored"`,
    ]),
    compare: joinScripts([tools, sh`slab_net_show ${touched}`]),
    ...(movedTo === '' ? {} : { address: movedTo }),
  };
}
