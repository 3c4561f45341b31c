import { escapeControl } from './escape.ts';

/** Shorter values occur by chance: hiding them would hide half of every output. */
export const SHORTEST_SECRET = 6;

/** PEM armour is the same in every key, so it is no secret. */
const ARMOUR = /^-----(BEGIN|END) [A-Z0-9 ]+-----$/;

/**
 * Every way a secret is commonly written, itself first: trimmed, line by line, base64 and base64url at each of the three
 * alignments, hex, and escaped for URLs, JSON (once and twice), shells, XML and a terminal.
 * Forms shorter than six characters are left out.
 */
export function secretForms(secret: string): ReadonlySet<string> {
  const forms = new Set<string>();
  for (const value of new Set([secret, secret.trim(), ...linesOf(secret)]))
    if (value.length >= SHORTEST_SECRET) for (const form of formsOf(value)) forms.add(form);
  return new Set([...forms].filter((form) => form.length >= SHORTEST_SECRET));
}

function linesOf(secret: string): readonly string[] {
  if (!/[\r\n]/.test(secret)) return [];
  return secret
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => !ARMOUR.test(line));
}

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value, 'utf8');
  const hex = bytes.toString('hex');
  const json = jsonForm(value);
  return [
    value,
    ...[0, 1, 2].flatMap((before) => base64Forms(bytes, before)),
    hex,
    hex.toUpperCase(),
    ...urlForms(value),
    json,
    json.replaceAll('/', '\\/'),
    jsonForm(json),
    asciiJsonForm(value),
    ...shellForms(value),
    ...xmlForms(value),
    escapeControl(value),
    escapeControl(value, { newline: true, tab: true }),
  ];
}

/** The characters of the base64 of any text that holds these bytes after `before` others (modulo 3). */
function base64Forms(bytes: Buffer, before: number): readonly string[] {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}

function urlForms(value: string): readonly string[] {
  const wellFormed = value.toWellFormed();
  const encoded = encodeURIComponent(wellFormed);
  const strict = encoded.replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [encoded, strict, encodeURI(wellFormed), encoded.replaceAll('%2F', '/')];
  forms.push(...forms.map((form) => form.replaceAll('%20', '+')));
  forms.push(...forms.map((form) => form.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase())));
  return forms;
}

function jsonForm(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** JSON as Python writes it: everything beyond ASCII as \uXXXX. */
function asciiJsonForm(value: string): string {
  return jsonForm(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function shellForms(value: string): readonly string[] {
  return [
    value.replaceAll("'", "'\\''"),
    value.replaceAll("'", `'"'"'`),
    value.replace(/[\\"$`]/g, '\\$&'),
    value.replace(/[^\w@%+=:,./\n-]/g, '\\$&'),
    value.replace(/[\\']/g, '\\$&'),
    value.replaceAll('\\', '\\\\'),
  ];
}

function xmlForms(value: string): readonly string[] {
  const text = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = text.replaceAll('"', '&quot;');
  return [text, quoted, quoted.replaceAll("'", '&#39;'), quoted.replaceAll("'", '&apos;')];
}
