import type { Prospect } from '../../model/resource.ts';

/** A unit, and where its file is as far as it is known. */
interface Unit {
  readonly name: string;
  readonly unit: string;
  readonly file?: string;
}

/**
 * The earlier change that may bring a missing unit: its file or init script, or a package or command, which may
 * bring anything. Undefined: nothing does.
 */
export function bringsUnit(unit: Unit, prospect: Prospect): string | undefined {
  const coming = prospect.earlier.filter(({ action }) => action !== 'remove').map(({ object }) => object);
  const own = coming.find((object) => isDefinition(unit, object) || object === `pkg:${unit.name}`);
  return own ?? coming.findLast((object) => /^(pkg|cmd|archive|git):/.test(object));
}

/** Whether an earlier change is one of the unit's own files: systemd has to read them anew. */
export function changesDefinition(unit: Unit, prospect: Prospect): boolean {
  return prospect.earlier.some(({ object }) => isDefinition(unit, object));
}

/** Its unit file, a drop-in or an init script: systemd.unit(5), "Unit File Load Path". */
function isDefinition({ name, unit, file }: Unit, object: string): boolean {
  if (!object.startsWith('file:')) return false;
  const path = object.slice('file:'.length);
  if (path === file || path === `/etc/init.d/${name}`) return true;
  // A template's file stands for all its instances.
  const template = unit.replace(/@[^.]*\./, '@.');
  return (
    /^\/(etc|run|lib|usr\/lib|usr\/local\/lib)\/systemd\/system\/(.*)$/
      .exec(path)?.[2]
      ?.split('/', 1)
      .some((entry) => [unit, template, `${unit}.d`, `${template}.d`].includes(entry)) ?? false
  );
}
