import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { diffService } from './diff.ts';
import { observeServices, type ServiceObserved } from './observe.ts';
import { functions, parseService, type ServiceDeclared } from './parse.ts';
import { refreshService, stepsOfService } from './steps.ts';

const probe = scriptFile(import.meta.url, './probe.sh');

/** Salt's module `service`: services, and other units of systemd. */
export const service = defineKind<ServiceDeclared, ServiceObserved>({
  name: 'service',
  summary: 'services, and other units of systemd',
  functions,
  parse: parseService,
  identify: ({ name, running, enabled, masked }) => [
    ...(running === undefined ? [] : [`service:${name}#running`]),
    ...(enabled === undefined ? [] : [`service:${name}#enabled`]),
    ...(masked === undefined ? [] : [`service:${name}#masked`]),
  ],
  needs: ({ name, unit }) => [
    `pkg:${name}`,
    ...[`file:/etc/systemd/system/${unit}`, `file:/lib/systemd/system/${unit}`, `file:/etc/init.d/${name}`],
  ],
  probe: (declared) => probe(declared.map(({ unit }) => unit)),
  observe: observeServices,
  diff: diffService,
  steps: stepsOfService,
  refresh: refreshService,
});
