/** A small project that works: by path in its folder. What it declares is harmless on any Debian or Ubuntu. */
export const starterProject: Readonly<Record<string, string>> = {
  'states/top.sls': `# Which hosts get which states. Those under states/common are for all of them.
base:
  '*':
    - common
`,
  'states/common/init.sls': `# Salt's words: an id, a state function, its arguments. slab doc file.managed  tells more.
operators:
  group.present:
    - system: true

/etc/motd:
  file.managed:
    - source: salt://common/motd.j2
    - template: jinja
    - mode: "0644"

/etc/operators:
  file.directory:
    - group: operators
    - mode: "0750"
    - require:
        - group: operators
`,
  'states/common/motd.j2': `{{ pillar.greeting }}
{{ grains.id }}: {{ grains.osfinger }}, declared in states/common, brought here by slab.
`,
  'inventories/prod/inventory.yaml': `# Your hosts. slab hosts  shows what this means.
defaults:
  user: admin
  become: sudo
hosts:
  web1: {address: 192.0.2.11, labels: {canary: 'yes'}}
  web[2-3]: {address: '192.0.2.[12-13]'}
# Pillar keys whose values are never shown: 'db:password'
secrets: []
`,
  'inventories/prod/pillar/top.sls': `base:
  '*':
    - common
`,
  'inventories/prod/pillar/common.sls': `greeting: Welcome to production.
`,
  'inventories/prod/rollout.yaml': `# slab deploy -i prod --explain  says what this means, and connects to nothing.
# A fleet of one host is all canary: the stage after it may be empty.
stages:
  - {name: canary, target: '*', pick: {count: 1, prefer: 'label:canary=yes'}, gates: [converged, motd]}
  - {name: fleet, target: '*', needs: [canary], allow_empty: true, batch: 25%, gates: [converged, motd]}
gates:
  motd: {command: 'grep -q slab /etc/motd'}
`,
  'inventories/lab/pillar/top.sls': `base:
  '*':
    - common
`,
  'inventories/lab/pillar/common.sls': `greeting: Welcome to the lab.
`,
  'inventories/lab/rollout.yaml': `stages:
  - {name: first, target: '*', pick: 1, gates: [converged, motd]}
  - {name: rest, target: '*', allow_empty: true, batch: all, gates: [converged, motd]}
gates:
  motd: {command: 'grep -q slab /etc/motd'}
budget: 0
`,
  '.gitignore': `# Journals, locks and records of this checkout.
.slab/
# Written by slab lab up, on each machine anew.
inventories/lab/inventory.yaml
*.slabplan
`,
  'README.md': `# Hosts

What hosts shall be is declared in \`states/\`; which hosts there are, and what differs between them, in \`inventories/\`.
Try it on throw-away hosts of this machine first (root on Linux), then on your own:

    slab lab up 2                # writes inventories/lab/inventory.yaml
    slab check -i lab            # compiles for every host, asks none
    slab plan -i lab             # what would change; writes nothing
    slab apply -i lab            # plans, asks, changes, looks again
    slab plan -i lab             # nothing is left
    slab deploy -i lab           # the same in stages, with gates
    slab lab down

For your own hosts write their names and addresses into \`inventories/prod/inventory.yaml\`, then:

    slab trust -i prod           # shows host keys that are not known yet
    slab doctor -i prod
    slab plan -i prod
    slab deploy -i prod

\`slab snapshot -i prod\` keeps what hosts say of themselves in the project, so that \`slab diff\` compiles without them;
\`slab init --ci github\` or \`gitlab\` writes a pipeline: diff and plan in each pull request, apply after the merge.
`,
};
