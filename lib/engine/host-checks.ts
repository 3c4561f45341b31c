import type { Script } from '../model/script.ts';
import { scriptFile } from '../shell/script-file.ts';

const file = scriptFile(import.meta.url, './host-checks.sh');

/** The script that looks at what slab needs on a host. */
export const hostChecks: Script = file([]);

/** One thing looked at. */
export interface HostCheck {
  readonly what: string;
  readonly ok: boolean;
  readonly fix?: string;
}

/** Beyond this, certificates, logs and timers begin to go wrong. */
const CLOCK_SKEW_SECONDS = 5;

/** Less free space than this, and an apply may end in the middle. */
const SPACE_KILOBYTES = 10_000;

/** Reads what the script printed. @param now seconds since 1970 on the controller, in the middle of the exchange. */
export function readHostChecks(output: Uint8Array, now: number): readonly HostCheck[] {
  const checks: HostCheck[] = [];
  for (const line of Buffer.from(output).toString('utf8').split('\n')) {
    const [name, value = '', more = ''] = line.split(' ');
    if (name === 'uid') {
      checks.push({
        what: 'root rights',
        ok: value === '0',
        fix: 'log in as root, or set become: sudo in the inventory',
      });
    } else if (name === 'time') {
      const skew = Math.round(Number(value) - now);
      checks.push({
        what: `clock ${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead'}`,
        ok: Math.abs(skew) <= CLOCK_SKEW_SECONDS,
        fix: 'set up time synchronisation (chrony, systemd-timesyncd)',
      });
    } else if (name === 'tool') {
      checks.push({ what: `command ${value}`, ok: more === 'yes', fix: 'install coreutils and util-linux' });
    } else if (name === 'space') {
      const megabytes = Math.floor(Number(more) / 1024);
      checks.push({
        what: `${megabytes} MB free on ${value}`,
        ok: Number(more) >= SPACE_KILOBYTES,
        fix: `make room on ${value}`,
      });
    } else if (name === 'run') {
      checks.push({ what: '/run can be written', ok: value === 'yes', fix: 'mount /run as a tmpfs' });
    }
  }
  return checks;
}
