import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type AnySchema } from 'ajv';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import { answerOf } from '../../support/lab.ts';
import { repository, slabProgram, withFolder, withSlab } from '../../support/slab.ts';

describe('the commands beside plan and apply', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 2, form: 'light' });
  const { name } = hosts;
  const folder = withFolder('slab-package-');
  const project = () =>
    hosts.project({
      inventory: 'groups: {first: {hosts: ["*1"]}}',
      files: {
        'states/site.sls': '/tmp/{{ pillar["word"] }}:\n  file.managed:\n    - contents: x\n',
        'inventories/lab/pillar/top.sls': "base: {'*': [word]}\n",
        'inventories/lab/pillar/word.sls': 'word: hello\n',
      },
    });

  it('run a command, tell answers apart, and end with 5 when one failed', async () => {
    const ran = await project().slab('run', '--', 'hostname; test "$(hostname | tail -c 2)" = 1');

    assert.equal(ran.code, 5, ran.all);
    assert.ok(ran.stdout.includes(name(0)) && ran.stdout.includes(name(1)), ran.stdout);
  });

  it('show grains, hosts, low state, pillar and top', async () => {
    const lab = project();

    const grains = await lab.slab('grains', '--json', '-t', name(0));
    const listed = await lab.slab('hosts', '-t', 'N@first');
    const low = await lab.slab('show', 'low', name(0), '--json');
    const pillar = await lab.slab('show', 'pillar', name(0));
    const top = await lab.slab('show', 'top', name(0), '--offline');

    assert.match(grains.stdout, /"os": "Debian"/);
    assert.ok(listed.stdout.includes(name(0)) && !listed.stdout.includes(name(1)), listed.all);
    const [chunk] = JSON.parse(low.stdout) as Record<string, unknown>[];
    assert.deepEqual([chunk?.['state'], chunk?.['fun'], chunk?.['name']], ['file', 'managed', '/tmp/hello']);
    assert.equal(pillar.stdout, 'word: hello\n');
    assert.equal(top.stdout, '- site\n', top.all);
  });

  it('say in the doctor that nothing is in the way', async () => {
    const healthy = await project().slab('doctor');

    assert.equal(healthy.code, 0, healthy.all);
  });

  it('complete in bash', async () => {
    const { stdout } = await project().slab('completion', 'bash');
    const checked = await answerOf('bash', ['-c', `${stdout}\ncomplete -p slab`]);

    assert.equal(checked.code, 0, checked.stderr);
    assert.match(checked.stdout, /complete .* slab/);
  });

  it('print schemas that hold for what they describe', async () => {
    const lab = project();
    const schema = async (of: string) => JSON.parse((await lab.slab('schema', of)).stdout) as AnySchema;
    const plan = JSON.parse((await lab.slab('plan', '--json')).stdout) as unknown;
    const yaml = (path: string) => parse(readFileSync(join(repository, path), 'utf8')) as unknown;

    const cases: [string, unknown][] = [
      ['inventory', yaml('inventories/example/inventory.yaml')],
      ['inventory', parse(hosts.lab.inventory())],
      ['plan', plan],
      ['sls', yaml('states/base/init.sls')],
    ];
    for (const [of, value] of cases) {
      const validate = new Ajv({ strict: false, allErrors: true }).compile(await schema(of));
      assert.ok(validate(value), `${of}: ${JSON.stringify(validate.errors)}`);
    }
  });

  it('lose nothing of a long output when its reader is slow', async () => {
    const slow =
      'slab=$1; "$slab" schema sls | { read -r first; sleep 0.5; printf "%s\\n" "$first"; cat; } | cksum; "$slab" schema sls >"$2"; cksum <"$2"';

    const { stdout } = await answerOf('sh', ['-c', slow, 'sh', slabProgram, join(folder(), 'schema.json')]);

    const [piped, whole] = stdout.split('\n');
    assert.equal(piped, whole);
  });

  it('are in the package as it is published, and work without the checkout', async () => {
    const packed = await answerOf('sh', [
      ...[
        '-c',
        'cd "$1" && npm pack --ignore-scripts --silent --pack-destination "$2" && cd "$2" && tar xzf *.tgz',
        'sh',
      ],
      ...[repository, folder()],
    ]);
    const program = join(folder(), 'package/bin/slab');

    const version = await answerOf(program, ['--version']);
    const planned = await answerOf(program, ['plan', '--detailed-exitcode', '-C', project().directory]);

    assert.equal(packed.code, 0, packed.stderr);
    assert.equal(version.stdout, '0.1.0\n');
    assert.equal(planned.code, 2, planned.stdout + planned.stderr);
  });
});
