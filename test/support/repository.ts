import { execFileSync } from 'node:child_process';
import { withProjectTree, type ProjectFiles } from './command-line.ts';

/** Runs git as somebody who is not the person at this machine. */
export function git(folder: string, ...words: readonly string[]): string {
  const who = ['-c', 'user.name=Anna', '-c', 'user.email=anna@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', ['-C', folder, ...who, ...words], { encoding: 'utf8' }).trim();
}

/** Commits all files. @returns the beginning of the commit's hash, as slab shows it. */
export function commit(folder: string, message: string): string {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', message);
  return git(folder, 'rev-parse', '--short=9', 'HEAD');
}

/** A project in a repository with one commit: three web servers and a database, a secret, a service that watches a file. */
export const FILES = {
  'inventories/prod/inventory.yaml': "hosts:\n  web[1-3]: {}\n  db1: {}\nsecrets: ['password']\n",
  'inventories/prod/pillar/top.sls': "base:\n  '*': [all]\n",
  'inventories/prod/pillar/all.sls': 'workers: 4\npassword: hunter2-and-more\n',
  'states/top.sls': "base:\n  'web*': [web]\n  'db*': [db]\n",
  'states/web.sls': `/etc/site.conf:
  file.managed:
    - source: salt://site.conf.j2
    - template: jinja
site:
  service.running:
    - watch: [file: /etc/site.conf]
`,
  'states/site.conf.j2':
    'workers {{ pillar.workers }}\npassword {{ pillar.password }}\nname {{ grains.id }}\n',
  'states/db.sls': '/etc/db.conf:\n  file.managed:\n    - contents: as it was\n    - mode: "0644"\n',
} satisfies ProjectFiles;

/** Work in such a repository, or one of other files; `first` is its commit. */
export function inRepository<T>(
  work: (folder: string, first: string) => Promise<T>,
  files: ProjectFiles = FILES,
): Promise<T> {
  return withProjectTree(files, async (folder) => {
    git(folder, 'init', '-q');
    return work(folder, commit(folder, 'first'));
  });
}
