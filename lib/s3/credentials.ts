import type { S3Credentials } from './sign.ts';

const KEYS = {
  aws_access_key_id: 'accessKey',
  aws_secret_access_key: 'secretKey',
  aws_session_token: 'sessionToken',
} as const;

/**
 * Reads keys written as `~/.aws/credentials` has them: `aws_access_key_id = …` and `aws_secret_access_key = …`, in the section
 * `[default]` or without one.
 * @returns undefined when one of the two is missing.
 */
export function readCredentials(text: string): S3Credentials | undefined {
  const found: { -readonly [K in keyof S3Credentials]?: string } = {};
  let section = 'default';
  for (const line of text.split('\n').map((each) => each.trim())) {
    section = /^\[\s*(.*?)\s*\]$/.exec(line)?.[1] ?? section;
    const [, name = '', value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (section === 'default' && value !== '' && Object.hasOwn(KEYS, name))
      found[KEYS[name as keyof typeof KEYS]] = value;
  }
  const { accessKey, secretKey, sessionToken } = found;
  if (accessKey === undefined || secretKey === undefined) return undefined;
  return { accessKey, secretKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
