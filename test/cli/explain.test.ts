import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { runCommandLine, withProjectTree, type CommandEnd } from '../support/command-line.ts';

const PILLAR = 'inventories/prod/pillar';

const FILES = {
  'inventories/prod/inventory.yaml':
    "hosts:\n  web1: {address: 192.0.2.1}\n  db1: {address: 192.0.2.2}\nsecrets: ['db:password', 'db:pin']\n",
  [`${PILLAR}/top.sls`]: "base:\n  '*':\n    - common\n  'web*':\n    - web\n",
  [`${PILLAR}/common.sls`]:
    'web:\n  listen: 80\n  names: [a, b]\ndb:\n  password: first-password\n  pin: 1234\n',
  [`${PILLAR}/web.sls`]:
    'include:\n  - extra:\n      defaults: {size: 3}\n      key: web:extra\n  - .over\nweb:\n  {% set port = 8080 %}\n  listen: {{ port }}\n  users:\n    - name: amy\n      uid: 7\ndb:\n  password: second-password\n',
  [`${PILLAR}/extra.sls`]: 'size: {{ size }}\n',
  [`${PILLAR}/over.sls`]: 'web:\n  names: [c]\nlog: {level: 1}\n',
  '.slab/grains/prod/web1.json': '{"id": "web1", "os": "Debian"}',
  '.slab/grains/prod/db1.json': '{"id": "db1", "os": "Debian"}',
  'states/top.sls': "base:\n  '*': [site]\n",
  'states/spare.sls': 'spare:\n  test.nop: []\n',
  'states/site.sls':
    'include:\n  - site.motd\nextend:\n  motd:\n    file.managed:\n      - mode: "0600"\napp:\n  test.nop:\n    - require_in: [file: motd]\n    - require: [test: base]\nbase:\n  test.nop: []\n',
  'states/site/motd.sls':
    'motd:\n  file.managed:\n    - name: /etc//motd\n    - contents: hello\n    - mode: "0644"\nlast:\n  test.nop:\n    - require: [file: motd]\n',
};

function explain(...words: readonly string[]): Promise<CommandEnd> {
  return withProjectTree(FILES, (project) => runCommandLine(project, ['explain', ...words]));
}

describe('slab explain of a pillar key', () => {
  const answers: readonly [string, string, string][] = [
    [
      'who set it first and who overrode it, in templates too',
      'web:listen',
      `web:listen of web1 is 8080

  inventories/prod/pillar/common.sls:2:3  common sets it: 80
      inventories/prod/pillar/top.sls:3:7  the target '*' gets common
  inventories/prod/pillar/web.sls:8:3  web replaces it: 8080
      inventories/prod/pillar/top.sls:5:7  the target 'web*' gets web
`,
    ],
    [
      'an include with a key and defaults',
      'web:extra:size',
      `web:extra:size of web1 is 3

  inventories/prod/pillar/extra.sls:1:1  extra sets it: 3
      inventories/prod/pillar/top.sls:5:7  the target 'web*' gets web
      inventories/prod/pillar/web.sls:2:5  web includes extra with defaults for size
`,
    ],
    [
      'a list that another one replaces',
      'web:names',
      `web:names of web1 is
    [
      "c"
    ]

  inventories/prod/pillar/common.sls:3:3  common sets it: ["a","b"]
      inventories/prod/pillar/top.sls:3:7  the target '*' gets common
  inventories/prod/pillar/over.sls:2:3  over replaces it: ["c"]
      inventories/prod/pillar/top.sls:5:7  the target 'web*' gets web
      inventories/prod/pillar/web.sls:5:5  web includes over
`,
    ],
    [
      'an entry of a list, by its index',
      'web:names:0',
      `web:names:0 of web1 is "c"

  inventories/prod/pillar/common.sls:3:11  common sets it: "a"
      inventories/prod/pillar/top.sls:3:7  the target '*' gets common
  inventories/prod/pillar/over.sls:2:11  over replaces it: "c"
      inventories/prod/pillar/top.sls:5:7  the target 'web*' gets web
      inventories/prod/pillar/web.sls:5:5  web includes over
`,
    ],
    [
      'a key of the mappings of a list',
      'web:users:0:uid',
      `web:users:0:uid of web1 is 7

  inventories/prod/pillar/web.sls:11:7  web sets it: 7
      inventories/prod/pillar/top.sls:5:7  the target 'web*' gets web
`,
    ],
    [
      'secrets by where they came from only, also those that were overridden or are short',
      'db',
      `db of web1 is
    {
      "password": "‹secret›",
      "pin": "‹secret›"
    }

  inventories/prod/pillar/common.sls:4:1  common sets it: {"password":"‹secret›","pin":"‹secret›"}
      inventories/prod/pillar/top.sls:3:7  the target '*' gets common
  inventories/prod/pillar/web.sls:12:1  web adds to it: {"password":"‹secret›"}
      inventories/prod/pillar/top.sls:5:7  the target 'web*' gets web
`,
    ],
  ];
  for (const [what, key, expected] of answers)
    it(`tells ${what}`, async () => {
      const end = await explain('web1', key);

      assert.deepEqual(end, { code: 0, stdout: expected, stderr: '' });
    });

  it('tells of the pillar of the command line', async () => {
    const end = await explain('db1', 'web:listen', '--pillar-data', '{"web": {"listen": 1}}');

    assert.equal(
      end.stdout,
      `web:listen of db1 is 1

  inventories/prod/pillar/common.sls:2:3  common sets it: 80
      inventories/prod/pillar/top.sls:3:7  the target '*' gets common
  --pillar-data:1:1  the command line replaces it: 1
`,
    );
  });

  it('says what is near a missing one, and which SLS the host gets', async () => {
    const end = await explain('db1', 'mtod');

    assert.equal(
      end.stderr,
      `error[SLAB2023]: db1 has neither a pillar key nor a state "mtod"
  why: its pillar comes from common; its states from site, site.motd
  fix: did you mean "motd"?
  on 1 host: db1

1 error
`,
    );
    assert.equal(end.code, 3);
  });

  const missing: readonly [string, string, string][] = [
    [
      'that what stands above a missing key holds nothing, without showing a line that may hold a secret',
      'db:pin:old',
      `web1 has no pillar key "db:pin:old"
  why: db:pin is a number and holds nothing, from inventories/prod/pillar/common.sls:6:3
  fix: look at it: slab explain web1 db:pin
`,
    ],
    [
      'what a mapping holds that has no such key',
      'web:colour',
      `web1 has no pillar key "web:colour"
  why: web holds listen, names, extra, users, from inventories/prod/pillar/web.sls:6:1
  fix: look at it: slab explain web1 web
`,
    ],
    [
      'how many entries a list has that is too short',
      'web:users:1',
      `web1 has no pillar key "web:users:1"
  why: web:users is a list of 1 entry, counted from 0, from inventories/prod/pillar/web.sls:9:3
  fix: look at it: slab explain web1 web:users
`,
    ],
    [
      'the states of an SLS, and how it comes to the host',
      'site.motd',
      `site.motd is an SLS of states, not a state of web1
  --> states/site.sls:2:5
 1 | include:
 2 |   - site.motd
   |     ^^^^^^^^^
  why: the target '*' gets site; site includes site.motd; it declares motd, last
  fix: ask for one of its states: slab explain web1 motd
`,
    ],
    [
      'the keys of a pillar SLS that is named by its path',
      'inventories/prod/pillar/over.sls',
      `over is a pillar SLS, not a pillar key of web1
  --> inventories/prod/pillar/web.sls:5:5
 4 |       key: web:extra
 5 |   - .over
   |     ^^^^^
  why: the target 'web*' gets web; web includes over; it writes web, log
  fix: ask for one of its keys: slab explain web1 web
`,
    ],
    [
      'that an SLS of the tree does not come to the host',
      'states/spare.sls',
      `spare is an SLS that web1 does not get
  why: salt://spare.sls is there, but neither the top file nor an include brings it to web1
  fix: look at slab show top web1
`,
    ],
  ];
  for (const [what, word, expected] of missing)
    it(`tells ${what}`, async () => {
      const end = await explain('web1', word);

      assert.equal(end.stderr, `error[SLAB2023]: ${expected}  on 1 host: web1\n\n1 error\n`);
      assert.equal(end.code, 3);
    });

  it('answers in JSON', async () => {
    const end = await explain('db1', 'web:listen', '--json');

    assert.deepEqual(JSON.parse(end.stdout), [
      {
        of: 'pillar',
        host: 'db1',
        key: 'web:listen',
        value: 80,
        writes: [
          {
            effect: 'sets',
            sls: 'common',
            source: { file: `${PILLAR}/common.sls`, line: 2, column: 3, endColumn: 9 },
            value: 80,
            through: [
              {
                source: { file: `${PILLAR}/top.sls`, line: 3, column: 7, endColumn: 13 },
                words: "the target '*' gets common",
              },
            ],
          },
        ],
      },
    ]);
  });
});

describe('slab explain of a state', () => {
  const expected = `file.managed /etc//motd (ID motd) on web1: order 10000, runs as 3 of 4

  comes from
    states/top.sls:2:9  the target '*' gets site
    states/site.sls:2:5  site includes site.motd
    states/site/motd.sls:1:1  site.motd declares motd
    states/site/motd.sls:2:3  as file.managed

  touched by
    states/site.sls:4:3  site extends it: mode
    states/site.sls:9:20  require_in of test: app adds require

  arguments
    states/site/motd.sls:4:7  contents: "hello"
    states/site.sls:6:9  mode: "0600"

  waits for
    states/site.sls:9:20  test: app (require)

  waited for by
    states/site/motd.sls:8:17  test: last (require)
`;
  for (const what of ['motd', 'file:/etc/motd', '/etc//motd', 'file:motd'])
    it(`tells what declared and what touched ${what}`, async () => {
      const end = await explain('web1', what);

      assert.deepEqual(end, { code: 0, stdout: expected, stderr: '' });
    });

  it('says so where the grains are assumed', async () => {
    const files = { ...FILES, '.slab/grains/prod/web1.json': null };

    const end = await withProjectTree(files, (project) =>
      runCommandLine(project, ['explain', 'web1', 'base']),
    );

    assert.equal(end.stderr, 'web1 was taken for a plain Debian 12: slab snapshot asks it\n');
  });

  it('says what is wrong where the states do not compile, and explains what it can', async () => {
    const files = { ...FILES, 'states/site.sls': 'motd: {{ nope }}\n' };

    const end = await withProjectTree(files, (project) =>
      runCommandLine(project, ['explain', 'web1', 'log:level']),
    );

    assert.match(end.stderr, /^error\[SLAB2003\]: 'nope' is undefined/);
    assert.match(end.stdout, /^log:level of web1 is 1\n/);
    assert.equal(end.code, 3);
  });
});
