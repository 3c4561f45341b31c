import type { Change } from '../../model/change.ts';
import type { Refresh, Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import type { ServiceObserved } from './observe.ts';
import type { ServiceDeclared } from './parse.ts';

const systemd = scriptFile(import.meta.url, './systemd.sh');
const sysv = scriptFile(import.meta.url, './sysv.sh');

/** What to run for these changes of one service: masks first, the process last. */
export function stepsOfService(
  declared: ServiceDeclared,
  changes: readonly Change[],
  observed: ServiceObserved,
): readonly Step[] {
  return ['masked', 'definition', 'enabled', 'running'].flatMap((field) =>
    changes
      .filter((change) => change.field === field)
      .map((change) => {
        const verb = verbFor(change, declared);
        return step({ verb, declared, observed, risk: change.risk });
      }),
  );
}

/** What a watched change triggers. A service that does not run is started by its own change, with the new settings. */
export function refreshService(declared: ServiceDeclared, observed: ServiceObserved): Refresh | undefined {
  if (observed?.running !== true || declared.running !== true) return undefined;
  const reloads = declared.refreshBy === 'reload' && observed.canReload;
  const verb = declared.refreshBy === 'reload' && !reloads ? 'restart' : declared.refreshBy;
  const change: Change = {
    ...{ object: `service:${declared.name}`, field: 'process', action: 'restart' },
    ...{ before: observed.state, after: reloads ? 'reloaded' : 'restarted', risk: 'disrupt' },
    certainty: 'exact',
    ...(verb === declared.refreshBy ? {} : { why: 'the unit cannot be reloaded' }),
  };
  return { change, steps: [step({ verb, declared, observed, risk: 'disrupt' })] };
}

type Verb =
  | ServiceDeclared['refreshBy']
  | 'start'
  | 'start-anew'
  | 'stop'
  | 'enable'
  | 'disable'
  | 'mask'
  | 'mask-runtime'
  | 'unmask'
  | 'unmask-runtime'
  | 'reload-definition';

/**
 * A unit that comes in this run may have been started by its package already, with settings that a watched state has
 * changed since.
 */
function verbFor({ field, after, certainty }: Change, { runtime, watches }: ServiceDeclared): Verb {
  switch (field) {
    case 'masked':
      if (after === true) return runtime ? 'mask-runtime' : 'mask';
      return runtime ? 'unmask-runtime' : 'unmask';
    case 'enabled':
      return after === 'enabled' ? 'enable' : 'disable';
    case 'definition':
      return 'reload-definition';
    default:
      if (after !== 'active') return 'stop';
      return certainty === 'provisional' && watches ? 'start-anew' : 'start';
  }
}

const titles: Readonly<Record<Verb, string>> = {
  start: 'start',
  'start-anew': 'start',
  stop: 'stop',
  restart: 'restart',
  'full-restart': 'stop and start',
  reload: 'reload',
  enable: 'enable',
  disable: 'disable',
  mask: 'mask',
  'mask-runtime': 'mask, until the next boot,',
  unmask: 'unmask',
  'unmask-runtime': 'unmask, until the next boot,',
  'reload-definition': 'let systemd read anew',
};

function step({
  verb,
  declared,
  observed,
  risk,
}: {
  readonly verb: Verb;
  readonly declared: ServiceDeclared;
  readonly observed: ServiceObserved;
  readonly risk: Step['risk'];
}): Step {
  const { name, unit, initDelaySeconds: delay, startTimeoutSeconds: limit } = declared;
  const script =
    observed?.manager === 'sysv'
      ? sysv([verb, name, String(delay)])
      : systemd([verb, unit, String(delay), String(limit)]);
  // systemd's own limit for a stop and a start is 90 s each: systemd-system.conf(5).
  return { title: `${titles[verb]} ${unit}`, script, risk, timeoutMs: (delay + limit + 120) * 1000 };
}
