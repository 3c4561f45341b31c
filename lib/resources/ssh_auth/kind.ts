import { trialOfFile } from '../../confirm/files.ts';
import type { Change, ObjectKey } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { SectionResult } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { markedLines } from '../marked-lines.ts';
import { fingerprintOf, lineOf, readKey, shownKey, type PublicKey } from './key.ts';
import { functions, parseSshAuth, wantedKey, type SshAuthDeclared } from './parse.ts';

/** What a host says of one file of keys; null: it did not say. */
type SshAuthObserved = {
  /** Whom slab is logged in as. */
  readonly login: string;
  readonly status: 'yes' | 'no' | 'unreadable' | 'nouser' | 'nohome';
  readonly path: string;
  readonly lines: readonly string[];
} | null;

/** What is there of one key, and what shall be there instead. */
interface KeyEdit {
  readonly body: string;
  readonly seen: readonly string[];
  readonly wanted: readonly string[];
}

const probe = scriptFile(import.meta.url, './probe.sh');
const edit = scriptFile(import.meta.url, './edit.sh');

/** Salt's module `ssh_auth`: public keys that let users in. */
export const sshAuth = defineKind<SshAuthDeclared, SshAuthObserved>({
  name: 'ssh_auth',
  summary: 'public keys that let users in',
  functions,
  parse: parseSshAuth,
  identify,
  needs: ({ user }) => [`user:${user}`],
  probe: (declared) => {
    const files = new Map(declared.map(({ user, file }) => [`${user}\t${file}`, [user, file]]));
    return probe([...files.values()].flat());
  },
  observe,
  diff,
  steps,
});

function identify({ fun, user, file, keys }: SshAuthDeclared): readonly ObjectKey[] {
  const whole: ObjectKey = `ssh_auth:${user}${file === '.ssh/authorized_keys' ? '' : ` ${file}`}`;
  return fun === 'manage' ? [whole] : keys.map((key): ObjectKey => `${whole}#${fingerprintOf(key)}`);
}

function observe(result: SectionResult, declared: readonly SshAuthDeclared[]): readonly SshAuthObserved[] {
  const marked = markedLines(result.stdout);
  const login = marked.find(({ words }) => words[0] === 'login')?.words[1];
  if (result.code !== 0 || login === undefined) return declared.map(() => null);
  return declared.map(({ user, file }) => {
    const found = marked.find(({ words }) => words[0] === 'file' && words[1] === user && words[2] === file);
    if (found === undefined) return null;
    const [, , , status = '', path = ''] = found.words;
    return { login, status: isStatus(status) ? status : 'unreadable', path, lines: found.lines };
  });
}

function isStatus(status: string): status is 'yes' | 'no' | 'nouser' | 'nohome' {
  return ['yes', 'no', 'nouser', 'nohome'].includes(status);
}

/** What has to be done to the file, key by key. */
function editsOf({ fun, keys }: SshAuthDeclared, lines: readonly string[]): readonly KeyEdit[] {
  const there = lines.flatMap((line) => {
    const key = line.trim().startsWith('#') ? undefined : readKey(line);
    return key === undefined ? [] : [{ line, key }];
  });
  const own = keys.map(({ body, ...key }): KeyEdit => {
    const same = there.filter((each) => each.key.body === body);
    const seen = same.map(({ line }) => line);
    if (fun === 'absent') return { body, seen, wanted: [] };
    const wanted = lineOf(wantedKey({ body, ...key }, same[0]?.key));
    const isSo = same.length === 1 && same[0] !== undefined && lineOf(same[0].key) === wanted;
    return { body, seen, wanted: isSo ? seen : [wanted] };
  });
  const others =
    fun === 'manage' ? there.filter(({ key }) => !keys.some(({ body }) => body === key.body)) : [];
  const removed = [...new Set(others.map(({ key }) => key.body))].map((body): KeyEdit => {
    const seen = others.filter(({ key }) => key.body === body).map(({ line }) => line);
    return { body, seen, wanted: [] };
  });
  return [...own, ...removed].filter(({ seen, wanted }) => seen.join('\n') !== wanted.join('\n'));
}

function diff(declared: SshAuthDeclared, observed: SshAuthObserved, { earlier }: Prospect): Diff {
  const { user } = declared;
  if (observed === null || observed.status === 'unreadable')
    return { changes: [], predicted: {}, problems: [`the host did not answer for the keys of ${user}`] };
  const edits = editsOf(declared, observed.lines);
  if (edits.length === 0) return { changes: [], predicted: {} };
  const lacks =
    observed.status === 'nouser'
      ? `this host has no user ${user}`
      : `the home folder of ${user} is not there`;
  const isThere = observed.status === 'yes' || observed.status === 'no';
  const bringer = earlier.findLast(
    ({ object, action }) =>
      action !== 'remove' && (object === `user:${user}` || /^(file|pkg|cmd|mount):/.test(object)),
  );
  if (!isThere && bringer === undefined) return { changes: [], predicted: {}, problems: [lacks] };
  const [whole = ''] = (identify({ ...declared, fun: 'manage' })[0] ?? '').split('#');
  const changes = edits.map((each): Change => {
    const [before, after] = [each.seen, each.wanted].map(shown);
    return {
      object: `${whole}#${fingerprintOf(each)}`,
      field: 'key',
      action: before === null ? 'create' : after === null ? 'remove' : 'update',
      before: before ?? null,
      after: after ?? null,
      risk: after === null ? 'disrupt' : 'change',
      certainty: isThere ? 'exact' : 'provisional',
      ...(isThere || bringer === undefined ? {} : { why: `known after ${bringer.object}` }),
    };
  });
  return {
    changes,
    predicted: {},
    ...(mayCutOff(declared, observed, edits) ? { access: ownWay(user) } : {}),
  };
}

/** A key that is only added shuts nobody out. */
function mayCutOff(
  { user }: SshAuthDeclared,
  observed: NonNullable<SshAuthObserved>,
  edits: readonly KeyEdit[],
): boolean {
  return user === observed.login && edits.some(({ seen }) => seen.length > 0);
}

function ownWay(user: string): string {
  return `slab logs in as ${user}, and may do so with such a key`;
}

function shown(lines: readonly string[]): string | null {
  const keys = lines.flatMap((line): readonly PublicKey[] => {
    const key = readKey(line);
    return key === undefined ? [] : [key];
  });
  return keys.length === 0 ? null : keys.map(shownKey).join('\n');
}

function steps(
  declared: SshAuthDeclared,
  changes: readonly Change[],
  observed: SshAuthObserved,
): readonly Step[] {
  const { user, file } = declared;
  const edits = editsOf(declared, observed?.lines ?? []);
  const orders = edits.flatMap(({ body, seen, wanted }) => [
    `k${body}`,
    ...seen.map((line) => `<${line}`),
    ...wanted.map((line) => `>${line}`),
  ]);
  const count = `${edits.length} ${edits.length === 1 ? 'key' : 'keys'}`;
  const step: Step = {
    title: `edit ${count} of ${user}`,
    script: edit([user, file], `${orders.join('\n')}\n`),
    risk: changes.some(({ risk }) => risk === 'disrupt') ? 'disrupt' : 'change',
  };
  return observed !== null && mayCutOff(declared, observed, edits)
    ? trialOfFile(observed.path, { about: 'login', access: ownWay(user) }, [step])
    : [step];
}
