import type { Script } from '../model/script.ts';
import { sh } from '../shell/sh.ts';
import { list, type HostFunctionSpec, yesOrNo } from './question.ts';

/** `service.*`: systemd where it runs, else the scripts of /etc/init.d. */
export const serviceFunctions: readonly HostFunctionSpec[] = [
  service(
    'service.available',
    (unit) => sh`systemctl show -p LoadState -- ${unit} | grep -qv ${'=not-found$'}`,
    (file) => sh`[ -x ${file} ]`,
  ),
  {
    ...service(
      'service.missing',
      (unit) => sh`systemctl show -p LoadState -- ${unit} | grep -q ${'=not-found$'}`,
      (file) => sh`[ ! -x ${file} ]`,
    ),
    guess: true,
  },
  service(
    'service.status',
    (unit) => sh`systemctl -q is-active -- ${unit}`,
    (file) => sh`${file} status >/dev/null 2>&1`,
  ),
  service('service.enabled', (unit) => sh`systemctl -q is-enabled -- ${unit} 2>/dev/null`, starts),
  {
    ...service(
      'service.disabled',
      (unit) => sh`! systemctl -q is-enabled -- ${unit} 2>/dev/null`,
      (file) => sh`! ${starts(file)}`,
    ),
    guess: true,
  },
  list(
    'service.get_all',
    sh`if [ -d /run/systemd/system ]; then systemctl --no-legend --no-pager list-unit-files --type=service | sed 's/[[:space:]].*//; s/[.]service$//'; else ls /etc/init.d; fi | sort`,
  ),
  list(
    'service.get_enabled',
    sh`if [ -d /run/systemd/system ]; then systemctl --no-legend --no-pager list-unit-files --type=service --state=enabled | sed 's/[[:space:]].*//; s/[.]service$//'; else ls /etc/rc2.d | sed -n 's/^S[0-9][0-9]//p'; fi | sort`,
  ),
];

function service(
  name: string,
  systemd: (unit: string) => Script,
  init: (file: string) => Script,
): HostFunctionSpec {
  return {
    name,
    parameters: ['name', '**'],
    guess: false,
    script: (args) => {
      const unit = args.text('name');
      const whole = /\.\w+$/.test(unit) ? unit : `${unit}.service`;
      return sh`if [ -d /run/systemd/system ]; then ${systemd(whole)}; else ${init(`/etc/init.d/${unit}`)}; fi`;
    },
    read: yesOrNo,
  };
}

function starts(file: string): Script {
  return sh`ls ${'/etc/rc2.d'} 2>/dev/null | grep -q ${`^S[0-9][0-9]${file.replace('/etc/init.d/', '')}$`}`;
}
