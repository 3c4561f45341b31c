import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { EncryptedKey, SaltOptions } from '../model/salt-options.ts';
import type { Dict, Value } from '../model/value.ts';
import type { Decryption } from './decrypt.ts';
import { decryptText } from './decrypt.ts';
import { isDict, traverse } from './traverse.ts';

/** Decrypts, in place, what `decrypt_pillar` names (salt/pillar: Pillar.decrypt_pillar); keys that are absent are no mistake. */
export function decryptKeys(
  pillar: Dict,
  options: Pick<SaltOptions, 'decryptPillar' | 'decryptPillarDelimiter'>,
  decryption: Decryption,
): { readonly secrets: readonly string[]; readonly diagnostics: readonly Diagnostic[] } {
  const secrets: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const open = (value: Value, { key, source }: EncryptedKey): Value => {
    if (typeof value === 'string') {
      const found = decryptText(value, () => source, decryption);
      for (const each of found.secrets) secrets.push(each);
      diagnostics.push(
        ...found.diagnostics.map((each) =>
          each.code === 'SLAB2022' ? { ...each, summary: `the pillar key ${key} cannot be decrypted` } : each,
        ),
      );
      return found.text;
    }
    if (Array.isArray(value)) return value.map((item) => open(item, { key, source }));
    if (isDict(value)) return new Map([...value].map(([name, item]) => [name, open(item, { key, source })]));
    return value;
  };
  const { decryptPillar, decryptPillarDelimiter: delimiter } = options;
  for (const encrypted of decryptPillar) {
    const parts = encrypted.key.split(delimiter);
    const last = parts.pop() ?? '';
    const parent = parts.length === 0 ? pillar : traverse(pillar, parts.join(delimiter), delimiter);
    if (!isDict(parent)) continue;
    const value = parent.get(last);
    if (value !== undefined) parent.set(last, open(value, encrypted));
  }
  return { secrets, diagnostics };
}
