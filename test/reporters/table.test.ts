import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { renderOutputs, renderTable } from '../../lib/reporters/table.ts';

describe('renderTable', () => {
  it('aligns columns and makes cells harmless', () => {
    assert.equal(
      renderTable(
        ['HOST', 'ADDRESS', 'GROUPS'],
        [
          ['web01', '10.0.0.1', 'web, 東京'],
          ['db\u001b', '10.0.0.200', ''],
        ],
      ),
      `HOST    ADDRESS     GROUPS
web01   10.0.0.1    web, 東京
db\\x1b  10.0.0.200
`,
    );
  });
});

describe('renderOutputs', () => {
  it('shows equal outputs once, failures last', () => {
    assert.equal(
      renderOutputs([
        { host: 'db1', code: 1, output: 'no such file\n' },
        { host: 'web2', code: 0, output: 'Linux 6.1\n\tx86' },
        { host: 'web1', code: 0, output: 'Linux 6.1\n\tx86' },
        { host: 'lb1', code: null, output: '', problem: 'not reached' },
        { host: 'web3', code: 0, output: '' },
      ]),
      `= 2 hosts web[1-2]
    Linux 6.1
        x86

= web3

x db1 · exit code 1
    no such file

x lb1 · not reached

3 of 5 hosts succeeded · 2 failed
`,
    );
  });
});
