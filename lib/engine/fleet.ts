import { SlabError } from '../diagnostics/errors.ts';
import { grainsScript } from '../grains/grains-script.ts';
import { parseGrains } from '../grains/parse-grains.ts';
import type { Host } from '../model/inventory.ts';
import type { Ports, Session } from '../model/ports.ts';
import type { Grains } from '../model/value.ts';
import { createAnswers } from '../questions/index.ts';
import type { KnownHost, Others } from '../sls/others.ts';
import { forEachLimited } from './each-host.ts';
import { ranCommands } from './ran-commands.ts';

/** What one compilation wanted to know of other hosts. */
export interface OthersView extends Others {
  /** Hosts that have to be asked before it is worth compiling again. */
  wanted(): readonly Host[];
}

/** The hosts of an environment, as far as templates of other hosts have wanted to know them in one run. */
export interface Fleet {
  /** For one compilation. */
  view(): OthersView;
  /** Takes the grains of a host that was read anyway. */
  learn(host: Host, grains: Grains): void;
  /** A host that refused, and its reason: nobody tries again. */
  lose(host: Host, reason: string): void;
  /** Asks hosts for what a view wanted; each is asked once for the same thing, whoever wants it. */
  read(hosts: readonly Host[]): Promise<void>;
}

/** How the hosts of a fleet are asked. */
export interface FleetOptions {
  readonly ports: Pick<Ports, 'connect' | 'emit'>;
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** What is on record of a host that cannot be asked: Salt's mine keeps old values too. Left out, there are no records. */
  readonly recorded?: (host: Host) => KnownHost | undefined;
}

/** Knows nothing of any host yet. */
export function createFleet({ ports, parallel, signal, recorded }: FleetOptions): Fleet {
  const known = new Map<string, KnownHost | 'absent'>();
  const lost = new Map<string, string>();
  const asking = new Map<string, Promise<void>>();

  /** The last of a host that cannot be asked; it is said once, when something hangs on it. */
  const giveUp = (host: Host, reason: string): KnownHost | 'absent' => {
    const record = recorded?.(host);
    const how =
      record === undefined
        ? `mine.get goes without ${host.name}, of which nothing is on record`
        : `mine.get takes what is on record of ${host.name}`;
    ports.emit({ type: 'notice', level: 'warning', code: 'SLAB2007', message: `${how}: ${reason}` });
    known.set(host.name, record ?? 'absent');
    return record ?? 'absent';
  };
  const connected = async (host: Host, job: (session: Session) => Promise<void>): Promise<void> => {
    const session = await ports.connect(host, signal);
    try {
      await job(session);
    } finally {
      await session.close();
    }
  };
  const ask = async (host: Host): Promise<void> => {
    const before = known.get(host.name);
    try {
      if (before === undefined)
        await connected(host, async (session) => {
          known.set(host.name, { grains: await grainsOf(host, session), answers: createAnswers() });
        });
      else if (before !== 'absent')
        await connected(host, async (session) => {
          const questions = before.answers.open();
          before.answers.learn(await session.exchange(before.answers.sections()));
          for (const event of ranCommands(host.name, questions)) ports.emit(event);
        });
    } catch (error) {
      if (!(error instanceof SlabError)) throw error;
      if (before === undefined || before === 'absent') giveUp(host, error.message);
      // Its questions have no answer then, which is said where they are asked.
      else before.answers.learn([]);
    }
  };
  const askOnce = (host: Host): Promise<void> => {
    const running = asking.get(host.name) ?? ask(host).finally(() => asking.delete(host.name));
    asking.set(host.name, running);
    return running;
  };

  return {
    view() {
      const seen = new Map<Host, KnownHost | 'unknown'>();
      return {
        find(host) {
          const reason = lost.get(host.name);
          const found = known.get(host.name) ?? (reason === undefined ? 'unknown' : giveUp(host, reason));
          if (found !== 'absent') seen.set(host, found);
          return found;
        },
        wanted: () =>
          [...seen].flatMap(([host, found]) =>
            found === 'unknown' || found.answers.open().length > 0 ? [host] : [],
          ),
      };
    },
    learn(host, grains) {
      if (!known.has(host.name)) known.set(host.name, { grains, answers: createAnswers() });
    },
    lose: (host, reason) => void lost.set(host.name, reason),
    async read(hosts) {
      const open = hosts.filter(({ name }) => {
        const found = known.get(name);
        if (found === undefined) return !lost.has(name);
        return found !== 'absent' && found.answers.open().length > 0;
      });
      const names = open.filter(({ name }) => !asking.has(name)).map(({ name }) => name);
      if (names.length > 0)
        ports.emit({ type: 'notice', level: 'info', code: 'SLAB2007', message: askedFor(names) });
      await forEachLimited(open, parallel, askOnce);
    },
  };
}

async function grainsOf(host: Host, session: Session): Promise<Grains> {
  const [answer] = await session.exchange([{ name: 'grains', script: grainsScript }]);
  if (answer?.code === 0) return parseGrains(answer.stdout, host);
  throw new SlabError('SLAB4101', `the script that reads the grains ended with ${answer?.code ?? 'nothing'}`);
}

/** Nobody is asked in secret: these hosts need not be among those of the target. */
function askedFor(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  const more = names.length - 3;
  return `mine.get asks ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
