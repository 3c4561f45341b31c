import { didYouMean } from '../diagnostics/near.ts';
import type { Frame } from './frame.ts';
import { hostMember } from './host-call.ts';
import { missingHint } from './python/access.ts';
import { attributeOrItem, itemOrAttribute } from './python/attributes.ts';
import { Undefined } from './python/undefined.ts';
import { isHostObject, orElse } from './python/value.ts';
import type { Val } from './python/value.ts';
import type { Site } from './site.ts';

/** Jinja's `value.name`. */
export function getAttribute(frame: Frame, value: Val, name: string, site: Site): Val {
  if (value instanceof Map && !name.startsWith('__')) {
    return orElse(attributeOrItem(value, name), () => absent(value, name, site));
  }
  frame.runtime.at = site;
  if (isHostObject(value))
    return orElse(hostMember(value, name, { site, via: frame.runtime.via }), () => absent(value, name, site));
  return orElse(attributeOrItem(value, name), () => absent(value, name, site));
}

/** Jinja's `value[key]`. */
export function getItem(frame: Frame, value: Val, key: Val, site: Site): Val {
  frame.runtime.at = site;
  if (isHostObject(value))
    return orElse(hostMember(value, key, { site, via: frame.runtime.via }), () => absent(value, key, site));
  if (value instanceof Undefined) value.fail();
  return orElse(itemOrAttribute(value, key), () => absent(value, key, site));
}

function absent(value: Val, key: Val, site: Site): Undefined {
  return new Undefined(missingHint(value, key), {
    site,
    near: () => {
      if (typeof key !== 'string' || !(value instanceof Map)) return undefined;
      return didYouMean(
        key,
        [...value.keys()].filter((known) => typeof known === 'string'),
      );
    },
  });
}
