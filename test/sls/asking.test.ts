import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createAnswers, type Answers } from '../../lib/questions/index.ts';
import { caseGrains, testHost } from './host.ts';
import { argument, compilerOf } from './project.ts';

const HOST = testHost();

/** Compiles with answers of a host, and says what it would have to be asked now. */
function asks(states: Readonly<Record<string, string>>, answers: Answers = createAnswers()) {
  const compiler = compilerOf({ states });
  const result = compiler.compile(HOST, caseGrains(), { sls: ['a'], answers });
  const keys = answers.open().map(({ key }) => key);
  return {
    result,
    answers,
    keys,
    again: () => compiler.compile(HOST, caseGrains(), { sls: ['a'], answers }),
  };
}

/** Takes what every question would have printed, in order. */
function answer(answers: Answers, ...said: readonly (readonly [number, string])[]): void {
  answers.learn(
    said.map(([code, stdout], index) => ({
      name: `ask.${index}`,
      code,
      stdout: Buffer.from(stdout),
      stderr: '',
      durationMs: 0,
    })),
  );
}

describe('templates that ask the host', () => {
  it('collects the questions of all SLS at once, and compiles with their answers', () => {
    const { keys, answers, again } = asks({
      'a.sls': "include: [b]\nx:\n  test.nop: [{v: {{ salt['file.file_exists']('/a') }}}]\n",
      'b.sls': '',
    });
    assert.deepEqual(keys, ["file.file_exists(path='/a')"]);

    answer(answers, [0, '']);

    assert.equal(argument(again()), true);
  });

  it('goes on with a guess, so that one round finds the questions of a whole template', () => {
    const { keys } = asks({
      'a.sls':
        "{% set a = salt['pkg.version']('bash') %}{% if salt.file.directory_exists('/b') %}x{% endif %}{{ salt['user.info']('root').uid }}\n",
    });

    assert.deepEqual(keys, [
      "pkg.version(names=['bash'])",
      "file.directory_exists(path='/b')",
      "user.info(name='root')",
    ]);
  });

  it('never runs a command on a guess', () => {
    const states = {
      'a.sls':
        "{% if not salt['file.file_exists']('/a') %}x:\n  test.nop: [{v: {{ salt['cmd.run']('make') }}}]{% endif %}\n",
    };
    const { keys, answers, again } = asks(states);
    assert.deepEqual(keys, ["file.file_exists(path='/a')"]);

    answer(answers, [0, '']);

    assert.deepEqual(again().diagnostics, []);
    assert.deepEqual(answers.open(), []);
  });

  it('never runs a command for a template with a mistake', () => {
    const { keys } = asks({ 'a.sls': "x: {{ nope }}{{ salt['cmd.run']('make') }}\n" });

    assert.deepEqual(keys, []);
  });

  it('tells the mistakes in front of a guess, and not those behind it', () => {
    const { result } = asks({
      'a.sls': "{{ nope }}\n{{ salt['user.info']('www').home }}\n{{ nope.two }}\n",
    });

    assert.deepEqual(
      result.diagnostics.map(({ code, source }) => `${code}:${source?.line ?? ''}`),
      ['SLAB2003:1', 'SLAB2007:2'],
    );
  });

  it('runs the commands of one template one after the other', () => {
    const { keys, answers, again } = asks({
      'a.sls': "x:\n  test.nop: [{v: {{ salt['cmd.run']('a') }}{{ salt['cmd.run']('b') }}}]\n",
    });
    assert.deepEqual(keys, ["cmd.run(cmd='a')"]);

    answer(answers, [0, 'A\n']);
    again();
    assert.deepEqual(
      answers.open().map(({ key }) => key),
      ["cmd.run(cmd='b')"],
    );
    answer(answers, [0, 'B\n']);

    assert.equal(argument(again()), 'AB');
  });

  it('asks equal questions once', () => {
    const { keys } = asks({
      'a.sls': "{{ salt['file.is_link']('/a') }}{{ salt.file.is_link(path='/a') }}\n",
    });

    assert.deepEqual(keys, ["file.is_link(path='/a')"]);
  });

  it('says which question is open, where it is asked, when there is nobody to ask', () => {
    const { result } = asks({ 'a.sls': "x: {{ nope }}{{ salt['pkg.version']('bash') }}\n" });
    assert.deepEqual(
      result.diagnostics.map(({ code }) => code),
      ['SLAB2003', 'SLAB2007'],
    );

    const [diagnostic] = asks({ 'a.sls': "\nx: {{ salt['pkg.version']('bash') }}\n" }).result.diagnostics;

    assert.equal(diagnostic?.code, 'SLAB2007');
    assert.equal(diagnostic.summary, "pkg.version(names=['bash']) asks the host, and the host was not asked");
    assert.deepEqual([diagnostic.source?.file, diagnostic.source?.line], ['states/a.sls', 2]);
  });

  it('does not take the mistakes that come of a guess for mistakes', () => {
    const { result } = asks({ 'a.sls': "{{ salt['user.info']('www').home }}\n" });

    assert.deepEqual(
      result.diagnostics.map(({ code }) => code),
      ['SLAB2007'],
    );
  });

  it('tells the host in whose words a question failed', () => {
    const { answers, again } = asks({ 'a.sls': "{{ salt['file.read']('/none') }}\n" });

    answer(answers, [3, '']);

    const [diagnostic] = again().diagnostics;
    assert.deepEqual(
      [diagnostic?.code, diagnostic?.summary],
      ['SLAB2004', "file.read(path='/none'): /none does not exist"],
    );
  });

  it('lets templates see whether a function is there', () => {
    const { result } = asks({
      'a.sls':
        "x:\n  test.nop: [{v: '{{ salt['cmd.run'] is defined }} {{ 'cmd.none' in salt }} {{ salt['no.such'] is defined }}'}]\n",
    });

    assert.equal(argument(result), 'True False False');
  });

  it('gives an answer that a template may change without changing it for others', () => {
    const { answers, again } = asks({
      'a.sls':
        "{% do salt['user.list_users']().append('more') %}x:\n  test.nop: [{v: {{ salt['user.list_users']() | length }}}]\n",
    });

    answer(answers, [0, 'root\n']);

    assert.equal(argument(again()), 1);
  });

  const wrong: readonly (readonly [string, string])[] = [
    ["salt['file.file_exists']()", "file.file_exists() missing 1 required positional argument: 'path'"],
    ["salt['file.file_exists']('a', 'b')", 'file.file_exists() takes 1 positional argument but 2 were given'],
    ["salt['file.file_exists'](pth='a')", "file.file_exists() got an unexpected keyword argument 'pth'"],
    ["salt['file.file_exists']('a', path='a')", "file.file_exists() got multiple values for argument 'path'"],
  ];
  for (const [call, summary] of wrong)
    it(`refuses a wrong call as Python does: ${call}`, () => {
      const [diagnostic] = asks({ 'a.sls': `\n{{ ${call} }}\n` }).result.diagnostics;

      assert.deepEqual([diagnostic?.summary, diagnostic?.source?.line], [summary, 2]);
    });
});
