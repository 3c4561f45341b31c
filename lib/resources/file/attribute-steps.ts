import type { Change } from '../../model/change.ts';
import type { Script } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { joinScripts, sh } from '../../shell/sh.ts';
import { wantedBelow } from './diff-directory.ts';
import { absentEntry } from './entry.ts';
import { modeText } from './names.ts';
import type { Attributes, Directory } from './types.ts';

/** `user:group` for chown, what is not declared taken from `otherwise` (also `user:group`). */
export function ownerOf({ user, group }: Attributes, otherwise: string): string {
  if (user === undefined && group === undefined) return otherwise;
  const [otherUser = '', otherGroup = ''] = otherwise.split(':');
  const owner = user ?? otherUser;
  const owners = group ?? otherGroup;
  return owners === '' ? owner : `${owner}:${owners}`;
}

/** Sets what differs; the owner first, since chown takes the setuid bit away. */
export function attributeSteps(
  { path, ...attributes }: Attributes & { readonly path: string },
  changes: readonly Change[],
): readonly Step[] {
  const fields = changes.map(({ field }) => field);
  const owner = fields.includes('user') || fields.includes('group') ? ownerOf(attributes, '') : '';
  const { mode } = attributes;
  const chown = owner === '' ? [] : [sh`chown -- ${owner} ${path}`];
  const setMode = (owner !== '' || fields.includes('mode')) && mode !== undefined;
  const chmod = setMode ? [sh`chmod -- ${modeText(mode)} ${path}`] : [];
  const script = [...chown, ...chmod];
  if (script.length === 0) return [];
  const what = [...(chown.length > 0 ? ['owner'] : []), ...(fields.includes('mode') ? ['mode'] : [])].join(
    ' and ',
  );
  return [{ title: `set ${what} of ${path}`, script: joinScripts(script), risk: 'change' }];
}

/** One find for files and one for directories; unchanged entries are set to what they are. */
export function belowStep(declared: Directory): Step {
  const { path, recurse } = declared;
  const depth = recurse?.maxDepth === undefined ? sh`` : sh` -maxdepth ${recurse.maxDepth}`;
  const script: Script[] = [];
  const kinds = [
    ...(recurse?.directories === true ? ['directory' as const] : []),
    ...(recurse?.files === true ? ['file' as const, 'symlink' as const] : []),
  ];
  for (const type of kinds) {
    const wanted = wantedBelow(declared, { ...absentEntry, type });
    const owner = ownerOf(wanted, '');
    const letter = type === 'directory' ? 'd' : type === 'file' ? 'f' : 'l';
    if (owner !== '')
      script.push(sh`find ${path} -mindepth 1${depth} -type ${letter} -exec chown -h -- ${owner} {} +`);
    if (wanted.mode !== undefined)
      script.push(
        sh`find ${path} -mindepth 1${depth} -type ${letter} -exec chmod -- ${modeText(wanted.mode)} {} +`,
      );
  }
  return { title: `set owner and mode below ${path}`, script: joinScripts(script), risk: 'change' };
}
