import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { parse } from 'yaml';
import { expanded, newRunner, type Runner, type StepEnd } from '../../support/pipeline.ts';
import { commit, git } from '../../support/repository.ts';
import { withFolder, withSlab } from '../../support/slab.ts';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly permissions: unknown;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly permissions: unknown; readonly steps: readonly Step[] }>>;
}
interface GitlabJob {
  readonly extends: string;
  readonly before_script?: readonly string[];
  readonly script: readonly string[];
}

describe('slab init', function () {
  this.timeout(180_000);
  const hosts = withSlab({ count: 2, form: 'light' });
  const { on, name } = hosts;
  const runners: Runner[] = [];
  after(() => {
    for (const runner of runners) runner.end();
  });
  const work = withFolder('slab-init-');
  const freshHosts = async (): Promise<void> => {
    for (const index of [0, 1])
      await on(name(index), 'rm -rf /etc/motd /etc/operators; groupdel operators || true');
  };
  /** A project as slab writes it, with nothing of a project in its folder before. */
  const init = async (...words: readonly string[]) => {
    const project = hosts.project();
    const folder = mkdtempSync(join(work(), 'init-'));
    const { code, all } = await project.slab('init', folder, ...words);
    assert.equal(code, 0, all);
    return { folder, slab: (...more: readonly string[]) => project.slab(...more, '-C', folder) };
  };

  it('writes a project that compiles, is laid out well, and comes true on lab hosts as it is', async () => {
    await freshHosts();
    const { folder, slab } = await init();
    const checked = await slab('check', '-i', 'prod');
    const laidOut = await slab('fmt', '--check');
    writeFileSync(join(folder, 'inventories/lab/inventory.yaml'), hosts.lab.inventory());

    const planned = await slab('plan', '-i', 'lab', '--detailed-exitcode', '--progress', 'none');
    const applied = await slab('apply', '-i', 'lab', '-y', '--progress', 'none');
    const again = await slab('plan', '-i', 'lab', '--detailed-exitcode', '--progress', 'none');
    const deployed = await slab('deploy', '-i', 'lab', '-y', '--progress', 'none');

    const codes = [checked, laidOut, planned, applied, again, deployed].map(({ code }) => code);
    assert.deepEqual(codes, [0, 0, 2, 0, 0, 0], applied.all + deployed.all);
    assert.match(
      await on(name(1), 'cat /etc/motd; stat -c %G /etc/operators'),
      /Welcome to the lab[^]*operators\n$/,
    );
  });

  it('writes stages for a fleet of one host as well as of two', async () => {
    const { folder, slab } = await init();
    const one = 'hosts:\n  web1: {address: 192.0.2.11}\n';
    for (const lines of [one, `${one}  web2: {address: 192.0.2.12}\n`])
      for (const environment of ['lab', 'prod']) {
        writeFileSync(join(folder, `inventories/${environment}/inventory.yaml`), lines);

        const { code, all } = await slab('deploy', '-i', environment, '--explain');

        assert.equal(code, 0, all);
        assert.match(all, lines === one ? /· 1 host ·[^]*· no hosts\n/ : /· 2 hosts ·/);
      }
  });

  it('writes over nothing, and then writes nothing', async () => {
    const { folder } = await init();
    const project = hosts.project({ files: { 'states/common/init.sls': 'mine: test.nop\n' } });
    const before = readdirSync(project.directory, { recursive: true });

    const again = await project.slab('init', folder);
    const here = await project.slab('init');

    assert.deepEqual([again.code, here.code], [3, 3]);
    assert.match(again.stderr, /there is .*\.gitignore.* already: nothing was written/);
    assert.match(here.stderr, /there is states\/top\.sls, states\/common\/init\.sls already/);
    assert.deepEqual(readdirSync(project.directory, { recursive: true }), before);
  });

  /** A project in a repository, for the lab's hosts in production, reached with an agent's key and the person's known_hosts. */
  const inRepository = async (service: string) => {
    await freshHosts();
    const { folder } = await init();
    const pipeline = await hosts.project().slab('init', '--ci', service, folder);
    assert.equal(pipeline.code, 0, pipeline.all);
    const lab = hosts.lab.inventory();
    const [, identity = ''] = /identity_file: "(.*)"/.exec(lab) ?? [];
    const [, known = ''] = /known_hosts: \["(.*)"\]/.exec(lab) ?? [];
    writeFileSync(
      join(folder, 'inventories/prod/inventory.yaml'),
      lab.replace(/^#.*\n/, '').replaceAll(/^ {2}(identity_file|known_hosts):.*\n/gm, ''),
    );
    git(folder, 'init', '-q');
    commit(folder, 'first');
    const base = git(folder, 'rev-parse', 'HEAD');
    git(folder, 'switch', '-q', '-c', 'change');
    writeFileSync(join(folder, 'inventories/prod/pillar/common.sls'), 'greeting: Mind the gap.\n');
    commit(folder, 'greet otherwise');
    const head = git(folder, 'rev-parse', 'HEAD');
    const runner = newRunner(mkdtempSync(join(work(), 'runner-')));
    runners.push(runner);
    const keys = {
      key: readFileSync(identity, 'utf8').trimEnd(),
      known: readFileSync(known, 'utf8').trimEnd(),
    };
    return { folder, base, head, runner, identity, known, keys };
  };

  it('writes a workflow for GitHub whose every step does what it says', async () => {
    const { folder, base, head, runner, keys } = await inRepository('github');
    const text = readFileSync(join(folder, '.github/workflows/slab.yml'), 'utf8');
    const { permissions, env, jobs } = parse(text) as Workflow;
    const store = mkdtempSync(join(work(), 'artifacts-'));
    // Stands for GitHub's own program, which runners have.
    runner.install(
      'gh',
      `#!/bin/sh -e
printf '%s\\n' "$*" >>${store}/calls
case $1 in
  pr) eval "cp \\"\\\${$#}\\" ${store}/comment.md" ;;
  run) cp ${store}/"$6"/* "$8" ;;
esac
`,
    );
    const answers = {
      'vars.SLAB_PACKAGE': '',
      'secrets.SLAB_SSH_KEY': keys.key,
      'vars.SLAB_KNOWN_HOSTS': keys.known,
      'github.event.pull_request.base.sha': base,
      'github.event.pull_request.head.sha': head,
      'github.event.pull_request.number': '7',
      'github.event.pull_request.merge_commit_sha': 'main',
      'github.token': 'a-token-of-github',
      'runner.temp': runner.temp,
    };
    const done: string[] = [];
    const perform = (job: string): readonly StepEnd[] =>
      (jobs[job]?.steps ?? []).flatMap((step) => {
        const given = expanded(JSON.stringify(step.with ?? {}), answers);
        const { name: artifact = '', path = '' } = JSON.parse(given) as Record<string, string>;
        if (step.uses?.startsWith('actions/upload-artifact@') === true) {
          mkdirSync(join(store, artifact), { recursive: true });
          copyFileSync(path, join(store, artifact, 'pr.slabplan'));
        }
        if (step.run === undefined) return [];
        done.push(`${job}: ${step.name ?? ''}`);
        const more = Object.fromEntries(
          Object.entries({ ...env, ...step.env, GITHUB_REPOSITORY: 'us/site' }).map(([key, value]) => [
            key,
            expanded(value, answers),
          ]),
        );
        const end = runner.run(step.run, folder, more);
        assert.equal(end.code, 0, `${step.name ?? ''}: ${end.all}`);
        assert.doesNotMatch(end.all, /PRIVATE KEY|a-token-of-github/);
        return [end];
      });

    perform('check');
    perform('plan');
    git(folder, 'switch', '-q', 'main');
    git(folder, 'merge', '-q', '--no-ff', '-m', 'merge', 'change');
    const applied = perform('apply');

    const summary = readFileSync(join(runner.temp, 'summary.md'), 'utf8');
    assert.equal(summary.match(/### slab diff · prod · 2 of 2 hosts change/g)?.length, 2, summary);
    assert.match(
      readFileSync(join(store, 'comment.md'), 'utf8'),
      /### slab plan · prod · 2 of 2 hosts change/,
    );
    assert.match(readFileSync(join(store, 'calls'), 'utf8'), /^pr comment 7 --repo us\/site --edit-last/);
    assert.match(applied.at(-1)?.all ?? '', /2 of 2 hosts done/);
    assert.match(await on(name(0), 'cat /etc/motd'), /Mind the gap/);
    assert.deepEqual(done, [
      'check: install slab',
      'check: check',
      'check: diff',
      'check: diff of a fork',
      'plan: install slab',
      'plan: ways to the hosts',
      'plan: plan',
      'plan: comment',
      'apply: install slab',
      'apply: ways to the hosts',
      'apply: the plan that was reviewed',
      'apply: apply',
    ]);
    // Least rights, and nothing that can move.
    assert.deepEqual(permissions, {});
    assert.deepEqual(
      Object.values(jobs).map((job) => job.permissions),
      [
        { contents: 'read' },
        { contents: 'read', 'pull-requests': 'write' },
        { actions: 'read', contents: 'read' },
      ],
    );
    const uses = Object.values(jobs).flatMap(({ steps }) => steps.flatMap((step) => step.uses ?? []));
    for (const each of uses) assert.match(each, /@[0-9a-f]{40}$/);
  });

  it('writes a pipeline for GitLab whose every job does what it says', async () => {
    const { folder, base, runner, identity, known } = await inRepository('gitlab');
    const jobs = parse(readFileSync(join(folder, '.gitlab-ci.yml'), 'utf8')) as Readonly<
      Record<string, GitlabJob>
    >;
    const headers = join(runner.home, 'headers');
    writeFileSync(headers, 'PRIVATE-TOKEN: a-token-of-gitlab\n');
    const asked: string[] = [];
    let artifact = '';
    const api = createServer((request, response) => {
      const path = request.url ?? '';
      asked.push(`${request.method ?? ''} ${path} ${String(request.headers['private-token'])}`);
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        asked.push(...(/### slab plan.*/.exec(body) ?? []));
        if (path.endsWith('/merge_requests')) response.end('[{"iid": 7}]');
        else if (path.includes('/jobs/artifacts/')) response.end(artifact);
        else response.writeHead(201).end('{}');
      });
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    const { port } = api.address() as AddressInfo;
    const more = {
      ...{
        SLAB_INVENTORY: 'prod',
        SLAB_KNOWN_HOSTS: known,
        SLAB_SSH_KEY: identity,
        SLAB_API_HEADERS: headers,
      },
      ...{ CI_MERGE_REQUEST_DIFF_BASE_SHA: base, CI_MERGE_REQUEST_IID: '7', CI_PROJECT_ID: '3' },
      CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`,
    };
    const perform = async (job: string, at: Readonly<Record<string, string>> = {}): Promise<string> => {
      const found = jobs[job];
      assert.ok(found, job);
      const first = jobs[found.extends]?.before_script ?? [];
      const agent = 'trap \'[ -z "${SSH_AGENT_PID-}" ] || kill "$SSH_AGENT_PID"\' EXIT';
      // This process answers the requests, so it does not wait for the job.
      const child = spawn('sh', ['-e', '-c', [agent, ...first, ...found.script].join('\n')], {
        cwd: folder,
        env: {
          PATH: `${join(runner.home, '../bin')}:${process.env['PATH'] ?? ''}`,
          HOME: runner.home,
          ...more,
          ...at,
        },
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (part: string) => (said += part));
      const code = await new Promise((resolve) => child.on('close', resolve));
      assert.equal(code, 0, `${job}: ${said}`);
      assert.doesNotMatch(said, /PRIVATE KEY|a-token-of-gitlab/);
      return said;
    };
    try {
      const checked = await perform('check');
      const fork = await perform('check-fork');
      await perform('plan');
      artifact = readFileSync(join(folder, 'pr.slabplan'), 'utf8');
      git(folder, 'switch', '-q', 'main');
      git(folder, 'merge', '-q', '--no-ff', '-m', 'merge', 'change');
      const applied = await perform('apply', { CI_COMMIT_SHA: git(folder, 'rev-parse', 'HEAD') });

      assert.match(checked + fork, /2 hosts compile[^]*Mind the gap[^]*Mind the gap/);
      assert.match(applied, /2 of 2 hosts done/);
      const merged = git(folder, 'rev-parse', 'HEAD');
      const project = '/api/v4/projects/3';
      assert.deepEqual(asked, [
        `POST ${project}/merge_requests/7/notes a-token-of-gitlab`,
        '### slab plan · prod · 2 of 2 hosts change',
        `GET ${project}/repository/commits/${merged}/merge_requests a-token-of-gitlab`,
        `GET ${project}/jobs/artifacts/refs%2Fmerge-requests%2F7%2Fhead/raw/pr.slabplan?job=plan a-token-of-gitlab`,
      ]);
      assert.deepEqual(
        Object.keys(jobs).filter((job) => jobs[job]?.script !== undefined),
        ['check', 'check-fork', 'plan', 'apply'],
      );
    } finally {
      api.close();
    }
  });
});
