import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { diffPkg } from './diff.ts';
import { functions } from './functions.ts';
import { observePkgs, type PkgObserved } from './observe.ts';
import { parsePkg, type PkgDeclared, type WantedPackage } from './parse.ts';
import { stepsOfPkg } from './steps.ts';

const probe = scriptFile(import.meta.url, './probe.sh');

/** Salt's module `pkg`: packages of Debian and its kin. */
export const pkg = defineKind<PkgDeclared, PkgObserved>({
  name: 'pkg',
  summary: 'packages of Debian and its kin',
  functions,
  parse: parsePkg,
  identify: ({ packages }) => packages.map(({ name }) => `pkg:${name}`),
  probe: (declared) => {
    const names = new Set(declared.flatMap(({ packages }) => packages.map(({ name }) => name)));
    return probe(['--want', ...names, ...declared.flatMap(probeWords)]);
  },
  observe: observePkgs,
  diff: diffPkg,
  steps: stepsOfPkg,
});

function probeWords({ fun, packages, release, recommends }: PkgDeclared, index: number): readonly string[] {
  const names = packages.map(({ name }) => name);
  if (fun === 'removed' || fun === 'purged')
    return ['--remove', String(index), fun === 'purged' ? 'purge' : 'remove', ...names];
  const wish = recommends === undefined ? 'default' : recommends ? 'yes' : 'no';
  return ['--install', String(index), release ?? '-', wish, ...packages.map(installWord)];
}

function installWord({ name, version, newest }: WantedPackage): string {
  if (newest) return `latest/${name}`;
  if (version === undefined) return name;
  return version.exact === undefined ? `some/${name}` : `${name}=${version.exact}`;
}
