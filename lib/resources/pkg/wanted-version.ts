import { compareVersions, withoutEpoch } from './version.ts';

/** Which versions of a package will do. */
export interface WantedVersion {
  /** As it is written. */
  readonly text: string;
  /** Just this one; undefined when a pattern or comparisons are written. */
  readonly exact: string | undefined;
  readonly allows: (version: string) => boolean;
}

/** Versions are compared without their epoch, or an exact one is only the least: Salt's ignore_epoch, allow_updates. */
export interface VersionOptions {
  readonly ignoreEpoch: boolean;
  readonly allowUpdates: boolean;
}

type Test = (version: string) => boolean;

const operators: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '=': (order) => order === 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>=': (order) => order >= 0,
  '>': (order) => order > 0,
};

/** Reads `1.2-3`, `1.2*`, `>=1.2` or `>=1.2,<2`; undefined when it is none of these. */
export function readWantedVersion(text: string, options: VersionOptions): WantedVersion | undefined {
  const parts = text.split(',').map((part) => part.trim());
  const tests = parts.map((part) => readPart(part, options));
  if (tests.some((test) => test === undefined)) return undefined;
  const [only] = parts;
  const isExact = parts.length === 1 && only !== undefined && /^[^<>=!*?[]+$/.test(only);
  return {
    text,
    exact: isExact && !options.ignoreEpoch && !options.allowUpdates ? only : undefined,
    allows: (version) => tests.every((test) => test?.(version)),
  };
}

function readPart(part: string, { ignoreEpoch, allowUpdates }: VersionOptions): Test | undefined {
  const [, operator, wanted] = /^(<=|>=|==|!=|=|<|>)?\s*(\S+)$/.exec(part) ?? [];
  if (wanted === undefined) return undefined;
  const bare = (version: string) => (ignoreEpoch ? withoutEpoch(version) : version);
  if (/[*?[]/.test(wanted)) {
    const pattern = globPattern(bare(wanted));
    return operator === undefined || operator === '=' || operator === '=='
      ? (version) => pattern.test(bare(version))
      : undefined;
  }
  // What deb-version(7) allows, told apart from words such as "latest".
  if (!/^(\d+:)?\d[A-Za-z0-9.+~:-]*$/.test(wanted)) return undefined;
  const holds = operators[operator ?? (allowUpdates ? '>=' : '=')];
  return (version) => holds?.(compareVersions(bare(version), bare(wanted))) ?? false;
}

/** A pattern of fnmatch(3): `*`, `?` and `[…]`. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(/\[!?[^\]]+\]|[\s\S]/g, (piece) => {
    if (piece === '*') return '.*';
    if (piece === '?') return '.';
    if (piece.length > 1) return piece.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return piece.replace(/[.+^${}()|[\]\\-]/, '\\$&');
  });
  return new RegExp(`^${source}$`);
}
