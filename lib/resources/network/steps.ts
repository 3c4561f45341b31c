import type { Comparison } from '../../network/comparison.ts';
import type { Script } from '../../model/script.ts';
import type { Step, Trial } from '../../model/step.ts';
import { withInput } from '../../shell/input.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { byOwner, netplanPlain, netplanTools, netplanTrial } from './netplan-steps.ts';
import { ifupdownStep } from './ifupdown-steps.ts';
import { type Asked, areFree, peersAnswer, questions } from './questions.ts';
import { write } from './write.ts';
import { joinScripts, sh } from '../../shell/sh.ts';

const store = scriptFile(import.meta.url, './store.sh').text;
const keep = scriptFile(import.meta.url, './keep.sh').text;
const anew = scriptFile(import.meta.url, './anew.sh').text;
const verify = scriptFile(import.meta.url, './verify.sh').text;
const trial = scriptFile(import.meta.url, './trial.sh').text;

/** Every script of a trial needs them: they are sent once, and kept beside what is saved. */
const keepTools = (files: Comparison['files']) =>
  withInput(
    sh`cat >"$slab_trial/tools"`,
    joinScripts([
      store,
      keep,
      anew,
      verify,
      trial,
      ...(byOwner(files).netplan.length > 0 ? [netplanTools] : []),
    ]).text,
  );
const tools = sh`. "$slab_trial/tools"`;

/** The step that brings a comparison about; on trial when it may end our own way to the host. */
export function stepFor(seen: Comparison, asked: Asked): Step {
  const { title } = asked;
  if (seen.by === 'ifupdown') return ifupdownStep(seen, asked);
  if (seen.access !== '')
    return { title, script: trialScript(seen), risk: 'disrupt', trial: trialOf(seen, asked) };
  return {
    title,
    script: plainScript(seen, asked),
    risk: seen.differences.length > 0 ? 'disrupt' : 'change',
  };
}

/** Straight into /etc, and into what runs only where that differs. */
function plainScript(seen: Comparison, asked: Asked): Script {
  const { touched, owned, differences, files, recreated } = seen;
  // What networkd has read of a file that is as it was leads to the device that is gone: such a file is written as well.
  const changed = byOwner(files).networkd.filter(({ want, have }) => want !== have || recreated.length > 0);
  const netplan = netplanPlain(files, recreated.length > 0);
  const stored = [...changed.map(({ path, want }) => write(path, want)), ...netplan.store];
  const folder = sh`kept=$(mktemp -d)
trap 'rm -rf -- "$kept"' EXIT`;
  if (differences.length === 0)
    return joinScripts([store, ...(netplan.make.length > 0 ? [folder, ...netplan.make] : []), ...stored]);
  const words = seen.expected.flat();
  return joinScripts([
    ...[store, keep, anew, verify, folder, ...netplan.make],
    ...areFree(seen),
    sh`slab_net_note "$kept" ${touched} -- ${owned}`,
    ...stored,
    ...netplan.take,
    load(seen),
    sh`slab_net_settle 5 ${words} || :
slab_net_restore "$kept" foreign
slab_net_settle 15 ${words} || { echo "$fault" >&2; exit 1; }`,
    ...peersAnswer(seen, asked),
    ...(asked.partner ? [sh`slab_net_partner ${seen.device} 20`] : []),
  ]);
}

/** Into /run, before all other files, and into what runs. */
function trialScript(seen: Comparison): Script {
  return joinScripts([
    tools,
    ...areFree(seen),
    ...viewsOf(seen).map(({ main, base }) => sh`slab_net_view ${main} ${base}`),
    ...byOwner(seen.files).networkd.map(({ trial, want }) => write(trial, want)),
    ...netplanTrial(seen.files).trial,
    load(seen),
    sh`slab_net_settle 3 ${seen.expected.flat()} || :
slab_net_restore "$slab_trial/before" foreign`,
  ]);
}

function trialOf(seen: Comparison, asked: Asked): Trial {
  const { touched, owned, created, recreated, movedTo, files, device } = seen;
  const stored = [...new Set(files.map(({ path }) => path))];
  const netplan = netplanTrial(files);
  const kept = [...stored, ...netplan.kept];
  const netdevs = files.map(({ trial }) => trial).filter((trial) => trial.endsWith('.netdev'));
  const views = [...viewsOf(seen).map(({ main }) => main), ...netdevs];
  return {
    about: 'network',
    stores: stored,
    check: sh`command -v ip >/dev/null || { echo 'there is no ip on this host'; exit 1; }
systemctl is-active --quiet systemd-networkd.service || { echo 'systemd-networkd does not run'; exit 1; }`,
    save: joinScripts([
      ...[keepTools(files), tools, ...netplan.save],
      sh`slab_net_note "$slab_trial/before" ${touched} -- ${owned}
slab_net_copy "$slab_trial/etc" ${kept}`,
    ]),
    rollback: joinScripts([
      tools,
      sh`if [ "$slab_rehearsal" = yes ]; then
  [ -s "$slab_trial/before/devices" ] || { echo 'nothing is kept of before'; exit 1; }
  networkctl --no-pager list >/dev/null
  exit
fi
rm -f "$slab_trial/stored"
slab_net_copy_back "$slab_trial/etc" ${kept}
slab_net_unview ${views}`,
      ...[...created, ...recreated].map((name) => sh`slab_net_delete ${name}`),
      ...(seen.remadeBefore.length > 0 ? [sh`ip link add ${seen.remadeBefore}`] : []),
      // As in plainScript: networkd has to read them again.
      ...(recreated.length > 0 ? [sh`touch -c -- ${kept}`] : []),
      ...(seen.bridge.length > 0 ? [sh`ip link set dev ${device} type bridge ${seen.bridgeBefore}`] : []),
      sh`slab_net_back "$slab_trial/before"`,
    ]),
    resume: joinScripts([
      tools,
      sh`networkctl reload
if [ -e "$slab_trial/stored" ]; then
  slab_net_left ${touched}
  slab_net_settle 15 ${seen.expected.flat()} || { echo "$fault"; exit 1; }
  slab_net_restore "$slab_trial/before" foreign
else slab_net_restore "$slab_trial/before" all
fi`,
    ]),
    confirm: joinScripts([tools, ...questions(seen, asked)]),
    persist: joinScripts([
      tools,
      ...byOwner(files).networkd.map(({ path, want }) => write(path, want)),
      ...netplan.persist,
      sh`slab_net_unview ${views}
: >"$slab_trial/stored"`,
    ]),
    compare: joinScripts([tools, sh`slab_net_show ${touched}`]),
    ...(movedTo === '' ? {} : { address: movedTo }),
  };
}

/** Lets networkd read its files again, and configure anew whatever is touched. */
function load({ touched, recreated, remade, bridge, device, differences, released }: Comparison): Script {
  const goes = differences.some(({ field, action }) => field === 'exists' && action === 'remove');
  return joinScripts([
    ...[...(goes ? [device] : []), ...recreated].map((name) => sh`slab_net_delete ${name}`),
    ...(remade.length > 0 ? [sh`[ -e ${`/sys/class/net/${device}`} ] || ip link add ${remade}`] : []),
    ...released.map((name) => sh`ip link set dev ${name} nomaster`),
    ...(bridge.length > 0 ? [sh`ip link set dev ${device} type bridge ${bridge}`] : []),
    sh`slab_net_anew ${touched.filter((name) => !goes || name !== device)}`,
  ]);
}

/** The main files of a trial, with what each begins with. */
function viewsOf({ files }: Comparison): readonly { readonly main: string; readonly base: string }[] {
  const views = new Map<string, string>();
  for (const { trial, base } of files)
    if (!trial.endsWith('.netdev')) views.set(trial.replace(/\.network\.d\/.*$/, '.network'), base);
  return [...views].map(([main, base]) => ({ main, base }));
}
