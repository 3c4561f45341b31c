import type { Circumstances } from './circumstances.ts';
import { describeAge } from './index-age.ts';
import type { WantedPackage } from './parse.ts';

/** Why there is nothing to install, and whether that may change before it is this state's turn. */
export interface NoCandidate {
  readonly text: string;
  readonly mayCome: boolean;
}

/** Says why the index has no version of a package that will do. */
export function noCandidate(
  wanted: WantedPackage,
  { declared, observed, prospect }: Circumstances,
): NoCandidate {
  const { name, version } = wanted;
  const { indexAge } = observed;
  const bringer = prospect.earlier.find(
    ({ object, action }) => action !== 'remove' && bringsRepository(object),
  )?.object;
  if (bringer !== undefined)
    return { text: `not in the package index; ${bringer} may bring a repository that has it`, mayCome: true };
  if (indexAge === null && declared.refresh !== false)
    return { text: 'there is no package index yet: apt-get update runs first', mayCome: true };
  const what = version === undefined ? name : `${name} ${version.text}`;
  if (declared.refresh === true)
    return { text: `not in the package index, which is fetched first`, mayCome: true };

  const versions = observed.available[name]?.versions ?? [];
  const age = describeAge(indexAge);
  const [reason] = observed.simulation?.errors ?? [];
  if (versions.length > 0)
    return {
      text: `no version of ${name} is ${version?.text ?? 'there'}; the index has ${versions.slice(0, 5).join(', ')} (${age})`,
      mayCome: false,
    };
  if (observed.available[name] !== undefined)
    return {
      text: `${what} has no candidate (${age})${reason === undefined ? '; it may be a name that several packages provide: name one of them' : `; apt says: ${reason}`}`,
      mayCome: false,
    };
  const near = observed.near[name] ?? [];
  const meant = near.map((each) => `"${each}"`).join(' or ');
  const fix = near.length > 0 ? `did you mean ${meant}?` : 'if it is new, say refresh: True';
  return { text: `there is no package ${what} (${age}); ${fix}`, mayCome: false };
}

/** Files of apt, repositories, commands, and packages made to bring repositories or their keys. */
function bringsRepository(object: string): boolean {
  if (/^(cmd|pkgrepo):/.test(object)) return true;
  if (object.startsWith('file:')) return /^file:(\/etc\/apt|\/usr\/share\/keyrings)(\/|$)/.test(object);
  return /^pkg:.*(-release|-repo|-repository|-keyring|-apt-config|-apt-source)$/.test(object);
}
