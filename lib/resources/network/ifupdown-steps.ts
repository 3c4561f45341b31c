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
function isBrought({ differences, expected, layer }: Comparison): boolean {
  return differences.length > 0 && (layer !== 'none' || expected.some(([, word]) => word === 'up'));
}

/** What is wanted, kept in a folder. @param folder shell text of its name. */
function wants({ files }: Comparison, folder: Script): readonly Script[] {
  return keepWants(
    files.filter(({ want, have }) => want !== have),
    folder,
  );
}

/** How an interface is to be, and the addresses that it must not have when ifup begins. */
function words({ device, expected, owned, layer }: Comparison): readonly string[] {
  const said = expected.filter(([of]) => of === device);
  return [
    device,
    said.some(([, word, value]) => word === 'up' && value === 'no') ? 'down' : 'up',
    layer,
    ...said.flatMap(([, word, value]) => (word === 'address' ? [value] : [])),
    ...owned,
  ];
}

/** How it was. */
function wordsBefore(seen: Comparison): readonly string[] {
  const [device = '', , layer = 'none', ...addresses] = words(seen);
  const wasDown = seen.differences.some(({ field, before }) => field === 'up' && before === false);
  const was = seen.created.includes(device) ? 'gone' : layer === 'gone' ? 'made' : layer;
  return [device, wasDown ? 'down' : 'up', was, ...addresses];
}

/** Brings what runs about. @param folder shell text of where the views and what was before are */
function bring(seen: Comparison, folder: Script, otherwise: Script): readonly Script[] {
  const { device, layer, bridge, released, commands } = seen;
  if (!isBrought(seen)) return commands.map(({ does }) => sh`ip ${does}`);
  return [
    ...released.map((name) => sh`[ ! -e ${`/sys/class/net/${name}`} ] || ip link set dev ${name} nomaster`),
    ...(bridge.length > 0 ? [sh`ip link set dev ${device} type bridge ${bridge}`] : []),
    sh`slab_ifupdown_again ${folder}/old ${folder}/new ${words(seen)} || ${otherwise}`,
    ...(layer === 'gone' ? [sh`slab_ifupdown_up ${folder}/set`] : []),
    sh`slab_net_restore ${folder}/before foreign`,
    // What has gone with it may just have been put back as somebody else's.
    ...commands.map(({ does }) => sh`ip ${does} 2>/dev/null || :`),
  ];
}

/** Takes it back. */
function takeBack(seen: Comparison, folder: Script): readonly Script[] {
  const { device, layer, remadeBefore, bridgeBefore, commands } = seen;
  const path = `/sys/class/net/${device}`;
  return [
    ...(isBrought(seen)
      ? [
          sh`slab_ifupdown_back ${folder}/old ${folder}/new ${folder}/set ${wordsBefore(seen)}`,
          // One that ifupdown did not make.
          ...(layer === 'made' && remadeBefore.length > 0
            ? [sh`[ -e ${path} ] || { ip link add ${remadeBefore}; ip link set dev ${device} up; }`]
            : []),
          ...(bridgeBefore.length > 0 ? [sh`ip link set dev ${device} type bridge ${bridgeBefore}`] : []),
        ]
      : []),
    ...commands.map(({ undoes }) => sh`ip ${undoes} 2>/dev/null || :`),
    sh`slab_net_restore ${folder}/before all`,
  ];
}

/** Tried by ifup first, stored then; what was before comes back where that fails. */
function plainScript(seen: Comparison, asked: Asked): Script {
  const { touched, owned, ownedRoutes } = seen;
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
  const folder = sh`"$kept"`;
  const note = sh`slab_net_note "$kept/before" ${touched} -- ${[...owned, ...ownedRoutes]}
slab_ifupdown_note "$kept/set" ${seen.device} ${touched}`;
  const otherwise = sh`{
  echo "$fault: all is as before" >&2
  ${joinScripts(takeBack(seen, folder))}
  exit 1
}`;
  return joinScripts([
    ...prepare,
    ...areFree(seen),
    ...(isBrought(seen) ? [note] : []),
    ...bring(seen, folder, otherwise),
    stored,
    sh`slab_net_settle 15 ${expected} || { echo "$fault" >&2; exit 1; }`,
    ...peersAnswer(seen, asked),
    ...(asked.partner ? [sh`slab_net_partner ${seen.device} 20`] : []),
  ]);
}

/** Into what runs alone; ifup reads a folder below /run. */
function trialScript(seen: Comparison): Script {
  return joinScripts([
    tools,
    ...areFree(seen),
    ...bring(seen, sh`"$slab_trial"`, sh`{ echo "$fault"; exit 1; }`),
    sh`slab_net_settle 3 ${seen.expected.flat()} || :`,
  ]);
}

function trialOf(seen: Comparison, asked: Asked): Trial {
  const { touched, owned, ownedRoutes, movedTo, files } = seen;
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
slab_ifupdown_note "$slab_trial/set" ${seen.device} ${touched}
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
      ...takeBack(seen, sh`"$slab_trial"`),
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
