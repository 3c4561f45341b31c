import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before } from 'mocha';

/** The keys that the server takes. */
export const S3_KEYS = `[default]
aws_access_key_id = lab:tester
aws_secret_access_key = a-secret-key/of+the=lab
`;

/**
 * An S3 service for one `describe`; botocore checks its signatures. A bucket's name says how it behaves: `good`, `busy`, `lost`,
 * `kept`, `unlisted`, `flips`, `cut`.
 */
export function withS3(): {
  readonly url: (bucket: string) => string;
  /** The requests to a bucket so far, without its name: `PUT key 200`. */
  readonly requests: (bucket: string) => Promise<readonly string[]>;
} {
  let port = '';
  let end = (): void => undefined;
  before(async function () {
    this.timeout(60_000);
    const server = spawn('/usr/bin/python3', [join(import.meta.dirname, 's3-server.py')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    end = () => void server.kill();
    [port] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  });
  after(() => end());
  return {
    url: (bucket) => `http://127.0.0.1:${port}/${bucket}`,
    requests: async (bucket) => {
      const lines = (await (await fetch(`http://127.0.0.1:${port}/log`)).text()).split('\n');
      return lines.flatMap((line) => {
        const [method = '', path = '', status = ''] = line.split(' ');
        return path.startsWith(`/${bucket}/`) || path.startsWith(`/${bucket}?`)
          ? [`${method} ${path.slice(bucket.length + 1).replace(/[0-9a-f]{16}/, 'KEY')} ${status}`]
          : [];
      });
    },
  };
}
