import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { createAnswers } from '../../lib/questions/index.ts';
import type { Json } from '../../lib/model/json.ts';
import { testHost, caseGrains } from '../sls/host.ts';
import { compilerOf } from '../sls/project.ts';
import { jsonOf } from '../sls/dict-of.ts';
import { nodeToValue } from '../../lib/yaml/node-value.ts';

const SHELLS = [
  ['dash', ['dash']],
  ['busybox', ['busybox', 'ash']],
] as const;

/** Compiles a template that prints a value, asking this machine with a shell, and reads it. */
function ask(
  shell: readonly string[],
  expression: string,
  path = process.env['PATH'] ?? '',
): { readonly value?: Json; readonly wrong?: string } {
  const states = { 'a.sls': `x:\n  test.nop: [{v: {{ (${expression}) | json }}}]\n` };
  const compiler = compilerOf({ states });
  const answers = createAnswers();
  const compile = () => compiler.compile(testHost(), caseGrains(), { sls: ['a'], answers });
  let result = compile();
  while (answers.open().length > 0) {
    answers.learn(
      answers.sections().map(({ name, script }) => {
        const [program = '', ...words] = shell;
        const ran = spawnSync(program, [...words, '-s'], {
          input: script.text,
          env: { ...process.env, PATH: path },
        });
        return {
          name,
          code: ran.status ?? 1,
          stdout: ran.stdout,
          stderr: ran.stderr.toString('utf8'),
          durationMs: 0,
        };
      }),
    );
    result = compile();
  }
  const [wrong] = result.diagnostics;
  if (wrong !== undefined) return { wrong: wrong.summary };
  const value = result.found[0]?.args.get('v')?.value;
  return { value: value === undefined ? null : jsonOf(nodeToValue(value)) };
}

for (const [name, shell] of SHELLS)
  describe(`functions that ask the host, with ${name}`, () => {
    let folder = '';
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "slab ask's "));
      mkdirSync(join(folder, 'dir'));
      writeFileSync(join(folder, 'text'), 'one\n  two = 2\n');
      chmodSync(join(folder, 'text'), 0o640);
      symlinkSync('text', join(folder, 'link'));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    const cases: readonly (readonly [string, Json])[] = [
      ["salt['file.file_exists'](d ~ '/text')", true],
      ["salt['file.file_exists'](d ~ '/dir')", false],
      ["salt['file.directory_exists'](d ~ '/dir')", true],
      ["salt['file.is_link'](d ~ '/link')", true],
      ["salt['file.readlink'](d ~ '/link')", 'text'],
      ["salt['file.path_exists_glob'](d ~ '/te*')", true],
      ["salt['file.path_exists_glob'](d ~ '/no*')", false],
      ["salt['file.read'](d ~ '/text')", 'one\n  two = 2\n'],
      ["salt['file.contains'](d ~ '/text', 'two')", true],
      ["salt['file.contains'](d ~ '/none', 'two')", false],
      ["salt['file.contains_regex'](d ~ '/text', '^two', lchar=' ')", true],
      ["salt['file.search'](d ~ '/text', '^one$')", true],
      ["salt['file.search'](d ~ '/text', '^ONE$', flags=['IGNORECASE', 'MULTILINE'])", true],
      ["salt['file.search'](d ~ '/text', 'one.+two', flags=16)", true],
      ["salt['file.search'](d ~ '/text', '(?P<a>o)ne++')", true],
      ["salt['file.get_mode'](d ~ '/text')", '0640'],
      ["salt['file.get_uid'](d ~ '/text')", process.getuid?.() ?? 0],
      ["salt['file.get_hash'](d ~ '/text', 'md5')", '444542a48aed4a7c348251b7c4a22a24'],
      ["salt['file.stats'](d ~ '/text').size", 14],
      ["salt['file.stats'](d ~ '/text').type", 'file'],
      ["salt['file.readdir'](d)", ['.', '..', 'dir', 'link', 'text']],
      ["salt['file.find'](d, name='t*', type='f') | length", 1],
      ["salt['file.access'](d ~ '/text', 'x')", false],
      ["salt['cmd.run']('echo out; echo err >&2; false')", 'out\nerr'],
      ["salt['cmd.run_stdout']('echo out; echo err >&2')", 'out'],
      ["salt['cmd.run_stderr']('echo out; echo err >&2')", 'err'],
      ["salt['cmd.retcode']('exit 3')", 3],
      ["salt['cmd.run_all']('echo a; exit 4')", { pid: 0, retcode: 4, stdout: 'a', stderr: '' }],
      ["salt['cmd.run']('cat', stdin='a b')", 'a b'],
      ["salt['cmd.run']('cat; echo end')", 'end'],
      ["salt['cmd.run']('pwd', cwd=d ~ '/dir')", '{d}/dir'],
      ["salt['cmd.run']('echo $A', env={'A': \"x'y\"})", "x'y"],
      ["salt['cmd.run'](['echo', 'a  b'])", 'a  b'],
      ["salt['cmd.run']('printf \"a\\n\\n\"', rstrip=False)", 'a\n\n'],
      ["salt['cmd.has_exec']('sh')", true],
      ["salt['cmd.has_exec']('no-such-program')", false],
      ["salt['cmd.which']('no-such-program')", null],
      ["salt['user.info']('root').home", '/root'],
      ["salt['user.info']('no-such-user')", {}],
      ["salt['group.info']('root').gid", 0],
      ["'root' in salt['user.list_users']()", true],
      ["salt['pkg.version']('no-such-package')", ''],
      ["salt['pkg.version']('dpkg') is match('[0-9]')", true],
      ["salt['pkg.version']('dpkg', 'no-such-package')['no-such-package']", ''],
      ["'dpkg' in salt['pkg.list_pkgs']()", true],
      ["salt['service.available']('no-such-service')", false],
      ["salt['alternatives.show_current']('no-such-name')", false],
      ["'/' in salt['disk.usage']()", true],
      ["salt['mount.is_mounted']('/proc')", true],
      ["salt['mount.active']()['/proc'].fstype", 'proc'],
      ["salt['sysctl.get']('kernel.ostype')", 'Linux'],
      ["salt['environ.get']('NO_SUCH_VARIABLE', 'other')", 'other'],
      [
        "salt['network.interfaces']().lo.inet[0]",
        { address: '127.0.0.1', netmask: '255.0.0.0', broadcast: null, label: 'lo' },
      ],
      ["salt['network.interfaces']().lo.up", true],
      ["salt['network.interface']('lo')[0].address", '127.0.0.1'],
      ["salt['network.interface']('no-such')", ''],
      ["salt['network.subnets'](interfaces='no-such')", []],
      ["salt['network.default_route']() is sequence", true],
      ["salt['ps.pgrep']('no-such-process-at-all')", null],
      ["salt['ps.pgrep']('.', pattern_is_regex=True) | length > 1", true],
      ["salt['ps.num_cpus']() > 0", true],
      ["salt['ps.total_physical_memory']() > 1000000", true],
      ["salt['ps.boot_time']() > 1000000000", true],
      ["'status.time' in salt", false],
      ["salt['mount.fstab'](config='/dev/null')", {}],
      ["salt['status.loadavg']()['1-min'] >= 0", true],
    ];
    for (const [expression, expected] of cases)
      it(`answers ${expression}`, () => {
        const { value, wrong } = ask(
          shell,
          expression
            .replaceAll('d ~ ', `${JSON.stringify(folder)} ~ `)
            .replace('(d', `(${JSON.stringify(folder)}`),
        );

        assert.equal(wrong, undefined);
        assert.deepEqual(value, typeof expected === 'string' ? expected.replace('{d}', folder) : expected);
      });

    it('answers for the file systems that df can ask, where one is dead', () => {
      const dead = "#!/bin/sh\necho 'df: /dead: Transport endpoint is not connected' >&2\n";
      mkdirSync(join(folder, 'some'));
      writeFileSync(join(folder, 'some', 'df'), `${dead}command -p df "$@" / && exit 1\n`, { mode: 0o755 });
      mkdirSync(join(folder, 'none'));
      writeFileSync(join(folder, 'none', 'df'), `${dead}exit 1\n`, { mode: 0o755 });

      const path = (name: string) => `${join(folder, name)}:${process.env['PATH'] ?? ''}`;
      assert.deepEqual(ask(shell, "salt['disk.usage']().keys() | list", path('some')), { value: ['/'] });
      assert.match(
        ask(shell, "salt['disk.usage']()", path('none')).wrong ?? '',
        /disk\.usage\(\): df: \/dead: Transport endpoint is not connected$/,
      );
    });

    const failures: readonly (readonly [string, RegExp])[] = [
      ["salt['file.read']('/no/such/file')", /file\.read\(.*: \/no\/such\/file does not exist$/],
      [
        "salt['file.search']('/etc/passwd', '(')",
        /file\.search\(.*: missing \), unterminated subpattern at position 0$/,
      ],
      [
        "salt['file.search']('/etc/passwd', '(([a-z:/]+)+)+!')",
        /file\.search\(.*: the regular expression takes too many steps on this text$/,
      ],
      ["salt['cmd.run']('sleep 5', timeout=1)", /the command did not end within 1 s: sleep 5$/],
      ["salt['file.get_hash']('/etc/passwd', 'crc')", /there is no hash crc$/],
    ];
    for (const [expression, expected] of failures)
      it(`says why there is no answer: ${expression}`, () => {
        assert.match(ask(shell, expression).wrong ?? '', expected);
      });
  });
