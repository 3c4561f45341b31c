import type { SectionResult } from '../../model/script.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { markedLines } from '../marked-lines.ts';
import { markWord } from './crontab.ts';
import { diffCron, editOf, keyOf, type CronObserved } from './diff.ts';
import { functions, parseCron, type CronDeclared } from './parse.ts';

const probe = scriptFile(import.meta.url, './probe.sh');
const edit = scriptFile(import.meta.url, './edit.sh');

/** Salt's module `cron`: jobs and variables of users' crontabs. */
export const cron = defineKind<CronDeclared, CronObserved>({
  name: 'cron',
  summary: "jobs and variables of users' crontabs",
  functions,
  parse: parseCron,
  identify: (declared) => [keyOf(declared)],
  needs: ({ user }) => [`user:${user}`, 'pkg:cron'],
  probe: (declared) => probe([...new Set(declared.map(({ user }) => user))]),
  observe,
  diff: diffCron,
  steps: (declared, changes, observed) => {
    const [change] = changes;
    const { seen, wanted } = editOf(declared, observed);
    const orders = [
      ...('variable' in declared
        ? [`n${declared.variable}`]
        : [`m${markWord}${declared.identifier}`, `c${declared.command}`]),
      ...seen.map((line) => `<${line}`),
      ...wanted.map((line) => `>${line}`),
    ];
    const what = 'variable' in declared ? declared.variable : `the job ${declared.identifier}`;
    const verb = wanted.length === 0 ? 'take' : 'write';
    const where = `${wanted.length === 0 ? 'out of' : 'in'} the crontab of ${declared.user}`;
    return [
      {
        title: `${verb} ${what} ${where}`,
        script: edit([declared.user], `${orders.join('\n')}\n`),
        risk: change?.risk ?? 'change',
      },
    ];
  },
});

function observe(result: SectionResult, declared: readonly CronDeclared[]): readonly CronObserved[] {
  const marked = markedLines(result.stdout);
  const word = (mark: string) => marked.find(({ words }) => words[0] === mark)?.words[1];
  const [hostname, hasCrontab] = [word('host'), word('crontab')];
  if (result.code !== 0 || hostname === undefined || hasCrontab === undefined)
    return declared.map(() => null);
  return declared.map(({ user }) => {
    const table = marked.find(({ words }) => words[0] === 'user' && words[1] === user);
    if (table === undefined) return null;
    const [, , there] = table.words;
    return {
      hostname,
      hasCrontab: hasCrontab === 'yes',
      user: there === 'yes' ? 'there' : there === 'no' ? 'missing' : 'unreadable',
      lines: table.lines,
    };
  });
}
