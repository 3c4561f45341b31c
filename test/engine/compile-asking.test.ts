import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compileAsking } from '../../lib/engine/compile-asking.ts';
import { planHosts } from '../../lib/engine/plan-hosts.ts';
import type { Section } from '../../lib/model/script.ts';
import { createCompiler } from '../../lib/sls/compiler.ts';
import { fleetOf, hostNamed } from '../support/fleet.ts';
import { memoryTree } from '../sls/memory-tree.ts';
import { testInventory } from '../sls/host.ts';

const TOP = "base: {'*': [a]}\n";

/** Plans web1 with states of which a template asks something. */
async function plan(states: Readonly<Record<string, string>>, say: (section: Section) => string | undefined) {
  const host = hostNamed('web1');
  const fleet = fleetOf({
    web1: {
      answer: (section) => {
        const said = section.name.startsWith('ask.') ? say(section) : undefined;
        return said === undefined ? undefined : { stdout: Buffer.from(said) };
      },
    },
  });
  const compiler = createCompiler({
    states: [memoryTree('states', { 'top.sls': TOP, ...states })],
    pillar: [],
    inventory: testInventory([host]),
  });
  const result = await planHosts(
    {
      environment: 'prod',
      hosts: [host],
      compiler,
      parallel: 1,
      signal: new AbortController().signal,
      learnSecrets: () => undefined,
      keepSessions: false,
    },
    fleet.ports,
  );
  return { ...result, sent: fleet.sent.get('web1') ?? [], events: fleet.events };
}

const nobodyAsked = () => ({ find: () => 'unknown' as const, wanted: () => [] });

describe('a plan of templates that ask the host', () => {
  it('asks everything in one exchange between grains and probes', async () => {
    const { sent, plan: made } = await plan(
      {
        'a.sls':
          "{% set there = salt['file.file_exists']('/a') %}{% set bash = salt['pkg.version']('bash') %}{% if there and bash == '5' %}x:\n  test.nop: []\n{% endif %}",
      },
      (section) => (section.script.text.includes('dpkg') ? 'install ok installed\tbash\t5\tamd64\n' : ''),
    );

    assert.deepEqual(sent, ['grains', 'undecided', 'left', 'ask.0', 'ask.1', 'probe.test']);
    assert.deepEqual(
      made.hosts[0]?.chunks.map((chunk) => chunk.id),
      ['x'],
    );
  });

  it('asks nothing more when no template asks', async () => {
    const { sent } = await plan({ 'a.sls': 'x:\n  test.nop: []\n' }, () => undefined);

    assert.deepEqual(sent, ['grains', 'undecided', 'left', 'probe.test']);
  });

  it('asks for templates of files as well', async () => {
    const { sent, diagnostics } = await plan(
      {
        'a.sls': '/etc/a:\n  file.managed: [{source: "salt://a.conf"}, {template: jinja}]\n',
        'a.conf': "{{ salt['cmd.run']('uname -r') }}\n",
      },
      () => '6.1\n',
    );

    assert.deepEqual(diagnostics, []);
    assert.deepEqual(sent.slice(0, 4), ['grains', 'undecided', 'left', 'ask.0']);
  });

  it('says which commands of templates it ran', async () => {
    const { events } = await plan(
      { 'a.sls': "x:\n  test.nop: [{v: {{ salt['cmd.run']('uname -r') }}}]\n" },
      () => '6.1\n',
    );

    assert.deepEqual(
      events.flatMap((event) => (event.type === 'notice' ? [event.message] : [])),
      ['ran 1 command of templates: uname -r'],
    );
  });

  it('gives up on questions without an end, and says so at the call', async () => {
    const { diagnostics, sent } = await plan(
      {
        'a.sls':
          "{% for i in range(20) %}x{{ i }}{{ salt['cmd.run']('echo ' ~ i) }}:\n  test.nop: []\n{% endfor %}",
      },
      () => 'y\n',
    );

    assert.deepEqual(
      diagnostics.map(({ code, source }) => [code, source?.file]),
      [['SLAB2007', 'states/a.sls']],
    );
    assert.equal(sent.length, 13);
  });

  it('leaves a line that drops to the caller', async () => {
    const session = {
      host: 'web1',
      exchange: () => Promise.reject(new TypeError('dropped')),
      aside: () => Promise.reject(new TypeError('dropped')),
      close: () => Promise.resolve(),
    };
    const ask = compileAsking({ session, emit: () => undefined, fleet: { view: nobodyAsked } }, (answers) =>
      answers.find({
        key: 'k',
        args: { get: () => undefined, text: () => '', texts: () => [], flag: () => false },
        spec: {
          name: 'k',
          parameters: [],
          guess: null,
          script: () => ({ text: '' }) as never,
          read: () => ({ value: 1 }),
        },
      }),
    );

    await assert.rejects(ask, TypeError);
  });
});
