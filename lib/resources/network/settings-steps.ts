import { write } from './write.ts';
import type { Script } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { type CardComparison, type CardSetting, type DesiredCard, wordsOf } from '../../network/ethtool.ts';
import type { DesiredResolver, ResolverComparison } from '../../network/resolver.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { joinScripts, sh } from '../../shell/sh.ts';

const resolver = scriptFile(import.meta.url, './resolver.sh');
const card = scriptFile(import.meta.url, './ethtool.sh').text;
const store = scriptFile(import.meta.url, './store.sh').text;

/** The step that lets a host ask other servers for names. */
export function resolverStep({ verify }: DesiredResolver, { owner, want }: ResolverComparison): Step {
  return {
    title: 'set whom the host asks for names',
    script: resolver([owner, ...verify], want),
    risk: 'disrupt',
  };
}

/** The step that sets a card's driver; on trial when it may end our own way to the host, as drivers reset cards. */
export function cardStep({ device }: DesiredCard, seen: CardComparison): Step {
  const { sets, before, files } = seen;
  const title = `set the driver of ${device}`;
  const stored = files.flatMap(({ path, have, want }) => (have === want ? [] : [write(path, want)]));
  if (sets.length === 0) return { title, script: joinScripts([store, ...stored]), risk: 'change' };
  if (seen.access === '')
    return { title, script: joinScripts([store, setting(device, sets), ...stored]), risk: 'disrupt' };
  return {
    ...{ title, risk: 'disrupt', script: setting(device, sets) },
    trial: {
      about: 'network',
      stores: files.map(({ path }) => path),
      rollback: joinScripts([
        store,
        sh`if [ "$slab_rehearsal" = yes ]; then
  command -v ethtool >/dev/null
  exit
fi`,
        ...files.map(({ path, have }) => write(path, have)),
        setting(device, before),
      ]),
      persist: joinScripts([store, ...stored]),
      compare: joinScripts(wordsOf(before).map(({ shows }) => sh`ethtool ${shows} ${device}`)),
    },
  };
}

function setting(device: string, settings: readonly CardSetting[]): Script {
  return joinScripts([
    card,
    sh`carrier=$(cat ${`/sys/class/net/${device}/carrier`} 2>/dev/null || :)`,
    ...wordsOf(settings).map(({ sets, words }) => sh`slab_card_set ${device} ${sets} ${words} >&2`),
    sh`slab_card_link ${device} "$carrier" >&2`,
  ]);
}
