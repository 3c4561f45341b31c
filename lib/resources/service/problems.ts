import type { Change } from '../../model/change.ts';
import type { Prospect } from '../../model/resource.ts';
import type { ServiceObserved } from './observe.ts';
import type { ServiceDeclared } from './parse.ts';
import { changesDefinition } from './prospects.ts';

/** Services without which nobody, slab included, reaches the host again. */
const wayIn: ReadonlySet<string> = new Set([
  ...['ssh', 'sshd', 'ssh.socket', 'sshd.socket', 'dropbear'],
  ...['networking', 'systemd-networkd', 'NetworkManager', 'network', 'dhcpcd', 'connman', 'netplan-wpa'],
]);

interface Context {
  readonly prospect: Prospect;
  readonly bringer: string | undefined;
  readonly changes: readonly Change[];
}

/** Why what is declared of a service cannot be brought about on this host, in the user's words. */
export function problemsOf(
  declared: ServiceDeclared,
  observed: NonNullable<ServiceObserved>,
  context: Context,
): readonly string[] {
  const { name, unit, running, enabled } = declared;
  const { bringer, prospect, changes } = context;
  if (observed.manager === 'none')
    return ['this host has neither systemd nor init scripts, so slab cannot manage its services'];
  if (observed.manager === 'sysv' && declared.masked === true)
    return ['only systemd can mask a unit, and this host does not run it'];

  const problems: string[] = [];
  if (!observed.exists && bringer === undefined && (running === true || enabled === true))
    problems.push(missing(declared, observed));
  if (
    observed.broken !== null &&
    running === true &&
    !changesDefinition({ name, unit, file: observed.file }, prospect)
  )
    problems.push(`systemd cannot use ${unit}: ${observed.broken}`);
  const masked = prospect.predicted(`service:${name}#masked`) ?? observed.masked;
  if (masked === true && running === true && !observed.running && !declared.unmask)
    problems.push(`${unit} is masked, so nothing can start it; say unmask: True to take the mask away`);
  if (masked === true && enabled === true && observed.enabled === false && !declared.unmask)
    problems.push(`${unit} is masked, so it cannot be enabled`);
  if (running === true && observed.ends && !observed.running && observed.broken === null)
    problems.push(
      `${unit} does its work and ends (Type=oneshot without RemainAfterExit=yes), so it is never running; use service.enabled, or cmd.run`,
    );
  if (changes.some(({ field, after }) => isCut(field, after)) && isWayIn(name))
    problems.push(`this would cut off slab's own way in: without ${unit} nobody reaches the host`);
  return problems;
}

function isCut(field: string, after: Change['after']): boolean {
  return after === 'inactive' || after === 'disabled' || (field === 'masked' && after === true);
}

/** `ssh@…` are its instances. */
function isWayIn(name: string): boolean {
  return wayIn.has(name) || wayIn.has(name.replace(/@.*$/, ''));
}

function missing({ name, unit }: ServiceDeclared, { manager, near }: NonNullable<ServiceObserved>): string {
  const what =
    manager === 'systemd' ? `there is no unit ${unit}` : `there is no init script /etc/init.d/${name}`;
  const names = near.map((each) => `"${each}"`).join(' or ');
  return near.length === 0 ? `${what}, and no earlier state brings it` : `${what}; did you mean ${names}?`;
}
