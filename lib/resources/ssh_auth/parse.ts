import type { JsonObject } from '../../model/json.ts';
import type { Complaint, FileSource, FunctionSpec, ParseInput, Parsed } from '../../model/resource.ts';
import { readKey, splitOptions, typeOfBody, type PublicKey } from './key.ts';

/** A key that is declared; an undefined comment leaves the one that is there. */
export type DeclaredKey = Omit<PublicKey, 'comment'> & { readonly comment: string | undefined };

/** Keys that a user may log in with, or no longer. */
export interface SshAuthDeclared {
  /** `manage`: these keys and no others. */
  readonly fun: 'present' | 'absent' | 'manage';
  readonly user: string;
  /** The file of keys: absolute, or below the user's home folder. */
  readonly file: string;
  readonly keys: readonly DeclaredKey[];
}

interface SshAuthArguments {
  readonly user: string;
  readonly enc?: string;
  readonly comment?: string;
  readonly source?: string;
  readonly options?: readonly string[] | null;
  readonly config?: string;
  readonly ssh_keys?: readonly string[];
}

const keyText = 'a public key: its type and base64 text, or the base64 text alone';
const line: JsonObject = { type: 'string', pattern: '^[^\\n]*$', title: 'text of one line' };
const common: JsonObject = {
  user: {
    type: 'string',
    pattern: '^[A-Za-z0-9_][A-Za-z0-9_.@-]*\\$?$',
    title: 'the name of a user',
    description: 'whose key it is',
  },
  enc: { ...line, description: 'the type of the key; it has to be what the key says of itself' },
  comment: { ...line, description: 'the comment behind the key; without, the one that is there stays' },
  options: {
    anyOf: [{ type: 'array', items: line }, { type: 'null' }],
    title: 'a list of options',
    description: 'what the key may do: no-pty, from="10.0.0.0/8"',
  },
  config: {
    type: 'string',
    pattern: '^[^\\n]*[^\\n/]$',
    title: 'the path of a file',
    default: '.ssh/authorized_keys',
    description: 'the file of keys, absolute or below the home folder; %u is the user, %h the home folder',
  },
  fingerprint_hash_type: { type: ['string', 'null'], description: 'accepted; keys are compared themselves' },
};
const source: JsonObject = {
  source: {
    type: 'string',
    pattern: '^salt://',
    title: 'a salt:// path',
    description: 'a file of public keys, one a line, instead of the name',
  },
};

const spec = (
  summary: string,
  more: JsonObject,
  required: readonly string[],
  example: string,
): FunctionSpec => ({
  summary,
  schema: {
    type: 'object',
    additionalProperties: false,
    required: [...required],
    properties: {
      name: {
        type: 'string',
        minLength: 1,
        title: keyText,
        description: `${keyText}; by default the ID of the state`,
      },
      ...common,
      ...more,
    },
  },
  examples: [example],
});

const exampleKey = 'AAAAC3NzaC1lZDI1NTE5AAAAIA2rHfRhHOKvOSFtw1O2Ug0K2Vn8oV1aqJ6Zk1W3m8vP';

/** The functions of Salt's module `ssh_auth`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  present: spec(
    'a public key lets a user in',
    source,
    ['user'],
    `ssh-ed25519 ${exampleKey} ada@laptop:\n  ssh_auth.present:\n    - user: deploy\n`,
  ),
  absent: spec(
    'a public key no longer lets a user in',
    source,
    ['user'],
    `${exampleKey}:\n  ssh_auth.absent:\n    - user: deploy\n`,
  ),
  manage: spec(
    'these public keys, and no others, let a user in',
    { ssh_keys: { type: 'array', items: line, description: 'all the keys, each as in `present`' } },
    ['user', 'ssh_keys'],
    `the keys of deploy:\n  ssh_auth.manage:\n    - user: deploy\n    - ssh_keys:\n      - ssh-ed25519 ${exampleKey} ada@laptop\n`,
  ),
};

/** Reads a chunk of this kind. */
export function parseSshAuth({ fun, name, files, ...input }: ParseInput): Parsed<SshAuthDeclared> {
  // The schema has been checked; these are its types.
  const args = input.args as unknown as SshAuthArguments;
  const complaints: Complaint[] = [];
  const file = fileOf(args.config ?? '.ssh/authorized_keys', args.user);
  if (file === undefined)
    complaints.push({
      at: ['config'],
      summary: '%h can only stand at the beginning, and no other letter than h, u and % behind a %',
    });
  const keys = textsOf({ fun, name, args, files }, complaints).flatMap(({ at, text }): DeclaredKey[] => {
    const key = readText(text, args);
    if (typeof key !== 'string') return [key];
    complaints.push({ at, summary: key });
    return [];
  });
  if (complaints.length > 0 || file === undefined) return { complaints };
  return { declared: { fun: fun as SshAuthDeclared['fun'], user: args.user, file, keys } };
}

interface KeyText {
  readonly at: Complaint['at'];
  readonly text: string;
}

function textsOf(
  {
    fun,
    name,
    args,
    files,
  }: {
    readonly fun: string;
    readonly name: string;
    readonly args: SshAuthArguments;
    readonly files: FileSource;
  },
  complaints: Complaint[],
): readonly KeyText[] {
  if (fun === 'manage') return (args.ssh_keys ?? []).map((text, at) => ({ at: ['ssh_keys', at], text }));
  const { source: uri = '' } = args;
  if (uri === '') return [{ at: ['name'], text: name }];
  const bytes = files.read(uri);
  if (bytes === undefined) {
    const [near] = files.near(uri);
    complaints.push({
      at: ['source'],
      code: 'SLAB2106',
      summary: `there is no file ${uri}`,
      ...(near === undefined ? {} : { fix: `did you mean ${near}?` }),
    });
    return [];
  }
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((text) => text.trim() !== '' && !text.trim().startsWith('#'))
    .map((text) => ({ at: ['source'], text }));
}

/** A key as states write it: a whole line, or the key alone with its comment. @returns what is wrong with it otherwise. */
function readText(text: string, args: SshAuthArguments): DeclaredKey | string {
  if (text.includes('PRIVATE KEY')) return 'this is a private key; what hosts get is the public one';
  const options = (args.options ?? []).flatMap(splitOptions);
  const whole = readKey(text);
  if (whole !== undefined) {
    const comment = whole.comment === '' ? given(args.comment) : whole.comment;
    return { ...whole, options: whole.options.length > 0 ? whole.options : options, comment };
  }
  const [body = '', ...rest] = text.trim().split(/\s+/);
  const type = typeOfBody(body);
  if (type === undefined) return 'this is no public key; copy the line from the .pub file whole';
  if (args.enc !== undefined && !isType(args.enc, type))
    return `this key is of type ${type}, not ${args.enc}`;
  return { options, type, body, comment: rest.length > 0 ? rest.join(' ') : given(args.comment) };
}

function given(comment: string | undefined): string | undefined {
  return comment === '' ? undefined : comment;
}

/** Salt takes short names: `rsa`, `ed25519`, `ecdsa`. */
function isType(written: string, type: string): boolean {
  return (
    type === written ||
    type.startsWith(`ssh-${written}`) ||
    (written === 'ecdsa' && type.startsWith('ecdsa-'))
  );
}

/** The path with %u and %% put in; %h at its beginning is what a path without a slash means anyway. */
function fileOf(config: string, user: string): string | undefined {
  const path = config
    .replace(/^%h\//, '')
    .replace(/%(.)/g, (all, mark: string) => (mark === 'u' ? user : mark === '%' ? '%' : all));
  return /%[^%]/.test(config.replace(/^%h\//, '').replace(/%[u%]/g, '')) ? undefined : path;
}

/** What a declared key looks like in the file, where `seen` is there already. */
export function wantedKey(key: DeclaredKey, seen: PublicKey | undefined): PublicKey {
  return { ...key, comment: key.comment ?? seen?.comment ?? '' };
}
