import type { Complaint, ParseInput, Parsed } from '../../model/resource.ts';
import type { PkgArguments } from './functions.ts';
import { readWantedVersion, type VersionOptions, type WantedVersion } from './wanted-version.ts';

/** Packages that shall be there or not. */
export interface PkgDeclared {
  readonly fun: 'installed' | 'latest' | 'removed' | 'purged';
  readonly packages: readonly WantedPackage[];
  /** Fetch the index first; undefined: when it is old and something is to be installed. */
  readonly refresh: boolean | undefined;
  /** How long an index is fresh. */
  readonly indexSeconds: number | undefined;
  readonly release: string | undefined;
  readonly recommends: boolean | undefined;
  readonly hold: boolean | undefined;
  readonly changesHeld: boolean;
  readonly takesNewConfiguration: boolean;
  /** Leave alone what is not installed. */
  readonly onlyUpgrade: boolean;
}

/** One package and the versions of it that will do. */
export interface WantedPackage {
  /** With its architecture, if it is not the host's own: `libc6:i386`. */
  readonly name: string;
  /** Undefined: any. */
  readonly version: WantedVersion | undefined;
  /** The newest there is. */
  readonly newest: boolean;
}

type Place = Complaint['at'];

/** Reads a chunk of this kind. */
export function parsePkg({ fun, name, ...input }: ParseInput): Parsed<PkgDeclared> {
  // The schema has been checked; these are its types.
  const args = input.args as PkgArguments;
  const complaints = unsupported(args, fun);
  const options = { ignoreEpoch: args.ignore_epoch ?? false, allowUpdates: args.allow_updates ?? false };
  const packages = listed(args, name).map(([given, version, at]) => {
    const wanted = readPackage(given, version, { at, options });
    if ('complaint' in wanted) complaints.push(wanted.complaint);
    return wanted;
  });
  const named = packages.flatMap((each) => ('name' in each ? [each] : []));
  // Lists put together by templates name a package twice; only two versions of it contradict each other.
  const wanted = [...new Map(named.map((each) => [JSON.stringify(each), each])).values()];
  const twice = wanted.map((each) => each.name).filter((each, index, all) => all.indexOf(each) !== index);
  if (twice.length > 0)
    complaints.push({ at: ['pkgs'], summary: `${twice.join(', ')} is listed with two versions` });
  if (complaints.length > 0 || !isFunction(fun)) return { complaints };
  return {
    declared: {
      fun,
      packages: fun === 'latest' ? wanted.map((each) => ({ ...each, newest: true })) : wanted,
      refresh: args.refresh,
      indexSeconds: args.cache_valid_time,
      release: args.fromrepo,
      recommends: args.install_recommends,
      hold: args.hold,
      changesHeld: args.update_holds ?? false,
      takesNewConfiguration: args.force_conf_new ?? false,
      onlyUpgrade: args.only_upgrade ?? false,
    },
  };
}

function isFunction(fun: string): fun is PkgDeclared['fun'] {
  return ['installed', 'latest', 'removed', 'purged'].includes(fun);
}

function unsupported(args: PkgArguments, fun: string): Complaint[] {
  const complaints: Complaint[] = [];
  if (args.sources !== undefined)
    complaints.push({
      at: ['sources'],
      summary: 'sources is not supported',
      why: 'a package file has no repository that says what it is and whether it is genuine',
      fix: 'put it into an apt repository, or install it with file.managed and cmd.run: apt-get install ./name.deb',
    });
  if (args.version !== undefined && args.pkgs !== undefined)
    complaints.push({
      at: ['version'],
      summary: 'version does not go with pkgs',
      fix: 'write the version beside the package: "- name: version"',
    });
  if (args.version !== undefined && fun !== 'installed')
    complaints.push({
      at: ['version'],
      summary: `pkg.${fun} takes no version: only one version of a package is ever installed`,
    });
  return complaints;
}

/** Every package with its version, and where it is written. */
function listed(args: PkgArguments, name: string): readonly [string, string | undefined, Place][] {
  if (args.pkgs === undefined)
    return [[name, args.version, args.version === undefined ? ['name'] : ['version']]];
  return args.pkgs.flatMap((entry, index): [string, string | undefined, Place][] =>
    typeof entry === 'string'
      ? [[entry, undefined, ['pkgs', index]]]
      : Object.entries(entry).map(([each, version]) => [each, version ?? undefined, ['pkgs', index, each]]),
  );
}

function readPackage(
  name: string,
  version: string | undefined,
  { at, options }: { readonly at: Place; readonly options: VersionOptions },
): WantedPackage | { readonly complaint: Complaint } {
  // deb-control(5); a last "-" would tell apt-get to remove it.
  if (!/^[a-z0-9][a-z0-9+.-]*[a-z0-9+.](:[a-z0-9-]+)?$/.test(name)) {
    const lower = name.toLowerCase();
    const fix = lower !== name ? { fix: `names of packages are in lower case: ${lower}` } : {};
    return { complaint: { at, summary: `"${name}" cannot be the name of a package`, ...fix } };
  }
  if (version === undefined || version === '') return { name, version: undefined, newest: false };
  if (version === 'latest') return { name, version: undefined, newest: true };
  const wanted = readWantedVersion(version, options);
  if (wanted !== undefined) return { name, version: wanted, newest: false };
  return {
    complaint: {
      at,
      summary: `"${version}" is no version of a package`,
      fix: 'write it like "1.2-3", "1.2*", ">=1.2" or ">=1.2,<2"',
    },
  };
}
