import { missingHint } from '../python/access.ts';
import { itemOrAttribute } from '../python/attributes.ts';
import { Undefined } from '../python/undefined.ts';
import type { Val } from '../python/value.ts';

/** Jinja's attribute arguments: `a.b.0` goes down one step for each part. */
export function attributeGetter(attribute: Val | undefined, otherwise?: Val): (item: Val) => Val {
  const parts = attributeParts(attribute ?? null);
  return (item) => {
    let value = item;
    for (const part of parts) {
      if (value instanceof Undefined) value.fail();
      value = step(value, part);
      if (value instanceof Undefined && otherwise !== undefined && otherwise !== null) value = otherwise;
    }
    return value;
  };
}

function step(value: Val, part: Val): Val {
  const found = itemOrAttribute(value, part);
  return found === undefined ? new Undefined(missingHint(value, part)) : found;
}

function attributeParts(attribute: Val): readonly Val[] {
  if (attribute === null) return [];
  if (typeof attribute !== 'string') return [attribute];
  return attribute.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** What texts are compared by unless case matters. */
export function ignoreCase(value: Val): Val {
  return typeof value === 'string' ? value.toLowerCase() : value;
}
