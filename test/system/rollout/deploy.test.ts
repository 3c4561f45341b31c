import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { S3_KEYS, withS3 } from '../../support/s3-server.ts';
import { withSlab } from '../../support/slab.ts';

const SITE = `
/etc/version:
  file.managed:
    - contents: {{ pillar.version }}
{% if pillar.version == 'bad' %}
breaks:
  cmd.run:
    - name: echo it does not start >&2; exit 3
{% endif %}
`;

describe('a roll-out', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 3, form: 'light' });
  const s3 = withS3();
  const { on, name } = hosts;
  const versions = (): Promise<readonly string[]> =>
    Promise.all(
      [0, 1, 2].map(async (index) => (await on(name(index), 'cat /etc/version 2>/dev/null; true')).trim()),
    );

  const begin = async (rollout: string, version = 'good') => {
    await Promise.all([0, 1, 2].map((index) => on(name(index), 'rm -f /etc/version /etc/health')));
    return hosts.project({
      files: {
        'states/site.sls': SITE,
        'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
        'inventories/lab/pillar/all.sls': `version: ${version}\n`,
        'inventories/lab/rollout.yaml': rollout,
      },
    });
  };
  /** The lab's inventory with other lines for its hosts. */
  const withHosts = (change: (lines: readonly string[]) => readonly string[]): string => {
    const lines = hosts.lab.inventory().split('\n');
    const isHost = (line: string): boolean => /^ {2}\S+: \{address/.test(line);
    const at = lines.findIndex(isHost);
    const rest = lines.filter((line) => !isHost(line));
    return [...rest.slice(0, at), ...change(lines.filter(isHost)), ...rest.slice(at)].join('\n');
  };
  const canaryThenRest = (more = ''): string => `stages:
  - {name: canary, target: ${name(0)}, gates: [converged${more === '' ? '' : ', health'}], soak: 100ms}
  - {name: rest, target: '*', batch: 1}
${more}`;

  it('explains its stages and batches without connecting to anything', async () => {
    const project = await begin(canaryThenRest());

    const { code, stdout } = await project.slab('deploy', '--explain');

    assert.equal(code, 0);
    assert.equal(
      stdout,
      `slab deploy · lab · 3 hosts · 2 stages
1  canary · 1 host · 1 batch · 0 may fail · soak 0.1 s
     batch 1: 1 host  ${name(0)}
     gates: converged (after)
2  rest · 2 hosts · 2 batches · 0 may fail · needs canary
     batch 1: 1 host  ${name(1)}
     batch 2: 1 host  ${name(2)}
Expected time: not known; no earlier roll-out of lab is on record here
`,
    );
    assert.deepEqual(await versions(), ['', '', '']);
  });

  it('passes a stage that may have no hosts, and those that need it, and says so', async () => {
    const project = await begin(`stages:
  - {name: all, batch: all}
  - {name: none, allow_empty: true, gates: [never], soak: 1h}
  - {name: after, target: 'kind:physical', allow_empty: true, needs: [none]}
gates: {never: {command: 'false', when: [before, after, soak]}}
`);

    const explained = await project.slab('deploy', '--explain');
    const { code, all } = await project.slab('deploy', '-y', '--progress', 'lines');

    assert.match(explained.stdout, /\n2 {2}none · no hosts\n3 {2}after · no hosts\n/);
    assert.equal(code, 0, all);
    assert.match(all, /stage none: no hosts\n.* stage none is done\n.* stage after: no hosts\n/);
    assert.match(all, /3 of 3 hosts done/);
  });

  it('goes stage by stage and batch by batch, asks its gates, and says each step', async () => {
    const project = await begin(canaryThenRest());

    const { code, all } = await project.slab('deploy', '-y', '--progress', 'lines');

    assert.equal(code, 0, all);
    assert.deepEqual(await versions(), ['good', 'good', 'good']);
    const mine = / (stage|canary|gate|rest)\b/;
    const steps = all
      .split('\n')
      .flatMap((line) => (mine.test(line) ? (/^\S+Z (.*)$/.exec(line)?.slice(1) ?? []) : []));
    assert.deepEqual(steps, [
      'stage canary: 1 host in one batch, 0 may fail',
      `canary: ${name(0)}`,
      'gate converged is green: 1 of 1',
      'canary soaks for 0.1 s',
      'stage canary is done',
      'stage rest: 2 hosts in 2 batches, 0 may fail',
      `rest, batch 1 of 2: ${name(1)}`,
      `rest, batch 2 of 2: ${name(2)}`,
      'stage rest is done',
    ]);
    assert.match(all, /3 of 3 hosts done/);
  });

  it('halts at a canary that fails, leaves the others alone and names them; mended, it goes on to the end', async () => {
    const project = await begin(canaryThenRest(), 'bad');

    const halted = await project.slab('deploy', '-y', '--progress', 'none');
    project.write({ 'inventories/lab/pillar/all.sls': 'version: mended\n' });
    const mended = await project.slab('deploy', '-y', '--resume', '--progress', 'none');

    assert.equal(halted.code, 7, halted.all);
    assert.match(
      halted.stdout,
      new RegExp(`Stopped: in stage canary: 1 failed in canary, 0 are allowed: ${name(0)}`),
    );
    assert.match(halted.stdout, new RegExp(`Not begun: ${name(1)}, ${name(2)}\n`));
    assert.match(halted.stdout, /it does not start/);
    assert.match(halted.stdout, /Next: mend the cause, then {2}slab deploy --resume/);
    assert.equal(mended.code, 0, mended.all);
    assert.deepEqual(await versions(), ['mended', 'mended', 'mended']);
  });

  it('halts at a gate that is red, after its tries, and each try is said', async () => {
    const project = await begin(
      canaryThenRest(
        'gates: {health: {command: "echo ill; test -e /etc/health", tries: 3, every: 50ms, when: after}}\n',
      ),
    );

    const halted = await project.slab('deploy', '-y', '--progress', 'lines');
    await on(name(0), 'touch /etc/health');
    const resumed = await project.slab('deploy', '-y', '--resume', '--progress', 'none');

    assert.equal(halted.code, 7, halted.all);
    const red = `${name(0)}: exit code 1: ill`;
    assert.match(
      halted.all,
      new RegExp(`gate health is not green yet: ${red}; asked again in 0\\.05 s \\(1 of 3\\)`),
    );
    assert.match(halted.all, new RegExp(`FAIL gate health is RED: ${red}`));
    assert.match(halted.all, /HALT in stage canary: gate health: /);
    assert.equal(resumed.code, 0, resumed.all);
    assert.deepEqual(await versions(), ['good', 'good', 'good']);
  });

  it('asks an S3 service as a gate, shows its refusal once, and never a secret', async () => {
    const project = await begin(`stages:
  - {name: first, target: ${name(0)}, gates: [store]}
  - {name: then, target: ${name(1)}, gates: [full]}
gates:
  store: {s3: '${s3.url('good')}', credentials: {file: keys/s3}}
  full: {s3: '${s3.url('busy')}', credentials: {file: keys/s3}}
`);

    const without = await project.slab('deploy', '-y');
    project.write({ 'keys/s3': S3_KEYS });
    const { code, all } = await project.slab('deploy', '-y', '--progress', 'lines');

    assert.equal(without.code, 3, without.all);
    assert.match(
      without.stderr,
      /error\[SLAB6002\]: the gate store has no keys: keys\/s3 cannot be read \(ENOENT\)/,
    );
    assert.equal(code, 7, all);
    assert.match(all, /gate store is green/);
    assert.match(all, /gate full is RED: put: 503 SlowDown: Please reduce your request rate\./);
    assert.doesNotMatch(all, /a-secret-key/);
  });

  it('counts a host that is not reached as failed, and no answer of a gate as red', async () => {
    const project = await begin(`stages:
  - {name: all, target: '*', batch: all, budget: 1, gates: [port]}
gates: {port: {tcp: 1}}
`);
    project.write({
      'inventories/lab/inventory.yaml': withHosts((lines) => [
        ...lines,
        '  absent: {address: 127.0.0.1, port: 1}',
      ]),
    });

    const { code, all } = await project.slab('deploy', '-y', '--progress', 'lines');

    assert.equal(code, 7, all);
    assert.match(all, /absent not read/);
    assert.match(all, /gate port is RED: .*: port 1: connect ECONNREFUSED/);
    assert.deepEqual(await versions(), ['good', 'good', 'good']);
  });

  it('takes other environments as stages, with their own inventory and pillar', async () => {
    const project = await begin(
      'stages: [{name: first, environment: vms}, {name: then, target: "*", batch: all}]\n',
    );
    project.write({
      'inventories/vms/inventory.yaml': withHosts(([first = '']) => [first]),
      'inventories/vms/pillar/top.sls': "base: {'*': [all]}\n",
      'inventories/vms/pillar/all.sls': 'version: for-vms\n',
      'inventories/lab/inventory.yaml': withHosts(([, ...others]) => others),
    });

    const { code, all } = await project.slab('deploy', '-i', 'lab', '-y', '--progress', 'none');

    assert.equal(code, 0, all);
    assert.deepEqual([...(await versions())].sort(), ['for-vms', 'good', 'good']);
  });

  it('begins nothing in a batch of which a host does not compile, and takes its own environment by name', async () => {
    const project = await begin(
      'stages: [{name: all, environment: lab, batch: all}, {name: more, environment: lab}]\n',
    );
    const twice = await project.slab('deploy', '-y');
    project.write({
      'inventories/lab/rollout.yaml': 'stages: [{name: all, environment: lab, batch: all}]\n',
      'states/site.sls': `${SITE}{% if grains.id == '${name(1)}' %}[{% endif %}\n`,
    });

    const { code, all } = await project.slab('deploy', '-y', '--progress', 'none');

    assert.match(twice.stderr, /the stage more has no hosts left/);
    assert.equal(code, 7, all);
    assert.match(all, /it does not compile: /);
    assert.match(all, /another host of its batch does not compile/);
    assert.deepEqual(await versions(), ['', '', '']);
  });

  const mistakes: readonly (readonly [string, string, RegExp])[] = [
    [
      'a gate that is not there',
      "stages: [{name: a, target: '*', gates: [converge]}]",
      /there is no gate converge[^]*did you mean "converged"/,
    ],
    [
      'a stage without hosts',
      "stages: [{name: a, target: '*'}, {name: b, target: '*'}]",
      /the stage b has no hosts left[^]*allow_empty: true/,
    ],
    [
      'stages of which none has hosts',
      "stages: [{name: a, target: 'kind:physical', allow_empty: true}]",
      /the stage a has no hosts left/,
    ],
    [
      'a name that nobody has where there may be no hosts',
      'stages: [{name: a}, {name: b, target: web99, allow_empty: true}]',
      /no host or group is called web99/,
    ],
    ['no stages', '{}', /a roll-out has stages/],
    [
      'a gate over S3 without keys',
      "{stages: [{name: a, gates: [s]}], gates: {s: {s3: 'http://x/b'}}}",
      /a gate over S3 needs credentials[^]*write credentials: \{file: path\} or \{env: NAME\}/,
    ],
    ['a batch of nothing', 'stages: [{name: a, batch: 0}]', /batch of a stage has to be above nought/],
  ];
  for (const [what, rollout, said] of mistakes)
    it(`ends with 3 at ${what}, before any host is asked`, async () => {
      const project = await begin(`${rollout}\n`);

      const { code, stderr } = await project.slab('deploy', '-y');

      assert.equal(code, 3);
      assert.match(stderr, said);
      assert.match(stderr, /inventories\/lab\/rollout\.yaml:1:/);
    });
});
