import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { SectionResult } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { functions, type NtpBackend, type NtpDeclared, parseNtp } from './parse.ts';

/** What looks after the clock of a host; null: it did not say. */
type NtpObserved = {
  /** By name: the unit, and `active` or `installed`. */
  readonly clients: Readonly<Record<string, { readonly unit: string; readonly state: string }>>;
  /** The main file of chrony. */
  readonly conf: string;
  /** Servers that chrony's files name. */
  readonly lines: readonly string[];
  /** Servers asked now, by client; null: it does not say. */
  readonly running: Readonly<Record<string, readonly string[] | null>>;
  /** Text of slab's own file for timesyncd; null: there is none. */
  readonly stored: string | null;
} | null;

const probe = scriptFile(import.meta.url, './probe.sh');
const chrony = scriptFile(import.meta.url, './chrony.sh');
const timesyncd = scriptFile(import.meta.url, './timesyncd.sh');
const OBJECT = 'ntp:servers';

/** Whom a host asks for the time. */
export const ntp = defineKind<NtpDeclared, NtpObserved>({
  name: 'ntp',
  summary: 'whom a host asks for the time',
  functions,
  parse: parseNtp,
  identify: () => [OBJECT],
  needs: () => ['pkg:chrony', 'pkg:systemd-timesyncd'],
  probe: () => probe([]),
  observe: (result, declared) => {
    const observed = observe(result);
    return declared.map(() => observed);
  },
  diff,
  steps: (declared, _changes, observed) => [stepFor(declared, observed)],
});

function observe(result: SectionResult): NtpObserved {
  if (result.code !== 0) return null;
  const lines = new TextDecoder()
    .decode(result.stdout)
    .split('\n')
    .map((line) => line.split('\t'));
  const all = (mark: string) => lines.filter(([first]) => first === mark);
  const stored = all('stored').map(([, line = '']) => `${line}\n`);
  return {
    clients: Object.fromEntries(
      all('client').map(([, name = '', unit = '', state = '']) => [name, { unit, state }]),
    ),
    conf: all('conf')[0]?.[1] ?? '',
    lines: all('line').map(([, , line = '']) => line.trim().split(/\s+/).slice(0, 2).join(' ')),
    running: Object.fromEntries(
      all('running').map(([, name = '', said = '']) => [
        name,
        said === 'unknown' ? null : said.split(' ').filter(Boolean),
      ]),
    ),
    stored: stored.length === 0 ? null : stored.join(''),
  };
}

function backendOf({ backend }: NtpDeclared, observed: NtpObserved): NtpBackend {
  return (
    backend ??
    (observed?.clients['chrony'] === undefined && observed?.clients['timesyncd'] !== undefined
      ? 'timesyncd'
      : 'chrony')
  );
}

function diff(declared: NtpDeclared, observed: NtpObserved, prospect: Prospect): Diff {
  const fail = (problem: string): Diff => ({ changes: [], predicted: {}, problems: [problem] });
  if (observed === null) return fail('the host did not say what looks after its clock');
  const { servers } = declared;
  const backend = backendOf(declared, observed);
  const { clients, running, lines, stored } = observed;
  if (clients['ntpd']?.state === 'active')
    return fail(`${clients['ntpd'].unit} looks after the clock: take it away first (pkg.removed)`);
  const client = clients[backend];
  const arrives = prospect.earlier.some(
    ({ object, action }) => action !== 'remove' && /^pkg:(chrony|systemd-timesyncd)$/.test(object),
  );
  if (client === undefined && !arrives)
    return fail(`${backend} is not on this host: install it first (pkg.installed)`);
  const base = {
    object: OBJECT,
    risk: 'disrupt',
    certainty: client === undefined ? 'provisional' : 'exact',
  } as const;
  const has = backend === 'chrony' ? lines : storedServers(stored);
  const want = backend === 'chrony' ? servers.map((server) => `server ${server}`) : servers;
  const now = client?.state === 'active' ? running[backend] : [];
  const changes: Change[] = [
    ...(isSame(has, want)
      ? []
      : [
          {
            ...base,
            field: 'stored',
            action: 'update',
            before: has,
            after: want,
            why: 'the next boot reads it',
          } as const,
        ]),
    ...(now === null || now === undefined || isSame(now, servers)
      ? []
      : [{ ...base, field: 'running', action: 'update', before: now, after: servers } as const]),
  ];
  const notes = now === null ? [`${backend} does not say whom it asks`] : [];
  return {
    changes,
    predicted: changes.length > 0 ? { [OBJECT]: [...servers] } : {},
    ...(notes.length > 0 ? { notes } : {}),
  };
}

function storedServers(text: string | null): readonly string[] {
  return (/^NTP=(.+)$/m.exec(text ?? '')?.[1] ?? '').split(' ').filter(Boolean);
}

/** Whoever asks several asks all of them: their order says nothing. */
function isSame(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join(' ') === [...other].sort().join(' ');
}

function stepFor(declared: NtpDeclared, observed: NtpObserved): Step {
  const { servers } = declared;
  const title = 'set whom the host asks for the time';
  if (backendOf(declared, observed) === 'timesyncd') {
    const text = `# Written by slab: ntp.managed is declared, and what is changed here is changed back.\n[Time]\nNTP=\nNTP=${servers.join(' ')}\nFallbackNTP=\n`;
    return { title, script: timesyncd([], text), risk: 'disrupt' };
  }
  const unit = observed?.clients['chrony']?.unit ?? 'chrony';
  const conf =
    observed?.conf === undefined || observed.conf === '' ? '/etc/chrony/chrony.conf' : observed.conf;
  return { title, script: chrony([unit, conf, ...servers]), risk: 'disrupt' };
}
