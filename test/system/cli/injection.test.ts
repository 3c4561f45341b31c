import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { runCommandLine, withProjectTree, type ProjectFiles } from '../../support/command-line.ts';
import { withLab } from '../../support/lab.ts';

/** Texts that a shell would act on, were they ever read by one. None may: they are data. */
const HOSTILE: readonly string[] = [
  'a space',
  "a 'quote",
  'a "double"',
  '$(touch /tmp/pwned)',
  '`touch /tmp/pwned`',
  '; touch /tmp/pwned #',
  '$HOME ${PATH}',
  '-rf',
  '--help',
  '*',
  '[a-z]?',
  '~root',
  '{a,b}',
  'back\\slash\\n',
  '%s%n',
  'tab\there',
  'new\nline',
  'slab\nEOF\n@@@',
  'ü ☃ 😀',
  '&& touch /tmp/pwned',
  '| touch /tmp/pwned',
  '> /tmp/pwned',
  '!!',
  "'\"'$(touch /tmp/pwned)'\"'",
];

describe('hostile text from states, pillar and files', function () {
  this.timeout(60_000);
  const lab = withLab({ count: 1, form: 'light' });
  const name = (): string => lab.hosts()[0]?.name ?? '';
  const there = async (command: string): Promise<Buffer> => {
    const answer = await lab.ssh(name(), `${command} | base64`);
    assert.equal(answer.code, 0, answer.stderr);
    return Buffer.from(answer.stdout, 'base64');
  };
  const apply = (sls: readonly string[], files: ProjectFiles = {}) =>
    withProjectTree(
      {
        'inventories/prod/inventory.yaml': lab.lab.inventory(),
        'states/top.sls': "base:\n  '*': [site]\n",
        'states/site.sls': sls.join('\n') + '\n',
        ...files,
      },
      (project) => runCommandLine(project, ['apply', '-y', '--no-input']),
    );
  const assertUnharmed = async (): Promise<void> =>
    assert.equal((await there('ls /tmp/pwned 2>/dev/null || echo none')).toString(), 'none\n');

  it('is data as file names: files of these names are made, changed and removed', async () => {
    const states = (fun: string, more: string) =>
      HOSTILE.map(
        (text, i) => `f${i}:\n  file.${fun}:\n    - name: ${JSON.stringify(`/srv/hostile/${text}`)}\n${more}`,
      );

    const made = await apply([
      '/srv/hostile:\n  file.directory: []',
      ...states('managed', '    - contents: one\n    - makedirs: True\n'),
    ]);
    const changed = await apply(states('managed', '    - contents: two\n    - mode: "0600"\n'));
    const listed = (
      await there("cd /srv/hostile && find . -type f -size 4c -perm 600 -printf '%P\\0'")
    ).toString();
    const removed = await apply(states('absent', ''));

    assert.equal(made.code, 0, made.stdout + made.stderr);
    assert.equal(changed.code, 0, changed.stdout + changed.stderr);
    assert.deepEqual(listed.split('\0').slice(0, -1).sort(), [...HOSTILE].sort());
    assert.equal(removed.code, 0, removed.stdout + removed.stderr);
    assert.equal((await there('find /srv/hostile -type f')).toString(), '');
    await assertUnharmed();
  });

  it('is data as contents, from pillar, from templates and as arguments of cmd.run', async () => {
    const pillar = HOSTILE.map((text, i) => `k${i}: ${JSON.stringify(text)}`).join('\n');
    const keys = HOSTILE.map((_, i) => i);
    const end = await apply(
      [
        ...keys.map((i) => `/srv/p${i}:\n  file.managed:\n    - contents_pillar: k${i}`),
        ...keys.map((i) => `/srv/j${i}:\n  file.managed:\n    - contents: {{ pillar['k${i}'] | json }}`),
        '/srv/template:\n  file.managed:\n    - source: salt://t.j2\n    - template: jinja',
        ...keys.map(
          (i) =>
            `cmd${i}:\n  cmd.run:\n    - name: printf %s "$HOSTILE" >/srv/c${i}\n    - creates: /srv/c${i}\n    - env:\n        HOSTILE: ${JSON.stringify(HOSTILE[i])}`,
        ),
      ],
      {
        'states/t.j2': '{% for k in pillar.values() | list %}<{{ k }}>{% endfor %}',
        'inventories/prod/pillar/top.sls': "base:\n  '*': [all]\n",
        'inventories/prod/pillar/all.sls': `${pillar}\n`,
      },
    );

    assert.equal(end.code, 0, end.stdout + end.stderr);
    const files = keys.flatMap((i) => [`p${i}`, `j${i}`, `c${i}`]);
    const lines = await there(`cd /srv; for f in ${files.join(' ')}; do base64 -w0 $f; echo; done`);
    const texts = lines
      .toString()
      .split('\n')
      .map((line) => Buffer.from(line, 'base64').toString());
    assert.deepEqual(
      texts.slice(0, -1),
      HOSTILE.flatMap((text) => [`${text}\n`, `${text}\n`, text]),
    );
    assert.equal((await there('cat /srv/template')).toString(), HOSTILE.map((text) => `<${text}>`).join(''));
    await assertUnharmed();
  });

  it('is data as bytes of a source file, whatever they are', async () => {
    const bytes = Buffer.concat([
      Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
      Buffer.from(HOSTILE.join('\n')),
      Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x0d, 0x0a, 0xc3]),
    ]);

    const end = await apply(['/srv/bytes:\n  file.managed:\n    - source: salt://bytes'], {
      'states/bytes': bytes,
    });

    assert.equal(end.code, 0, end.stdout + end.stderr);
    assert.deepEqual(await there('cat /srv/bytes'), bytes);
    await assertUnharmed();
  });

  for (const state of ['user.present', 'group.present', 'pkg.installed', 'service.running', 'user.absent']) {
    it(`never runs as a name of ${state}: it is refused, or a name`, async () => {
      for (const text of HOSTILE) {
        const end = await apply([`x:\n  ${state}:\n    - name: ${JSON.stringify(text)}`]);

        assert.notEqual(end.code, 1, `${text}: ${end.stderr}`);
        // Debian takes nearly everything as the name of a user or group: then there is one of that name.
        if (/^(pkg|service)/.test(state)) assert.notEqual(end.code, 0, `${text}: ${end.stdout}`);
      }
      await assertUnharmed();
    });
  }
});
