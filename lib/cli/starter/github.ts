/** Pinned by commit, as a tag may move. */
const CHECKOUT = 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2';
const UPLOAD = 'actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2';

/** An expression of GitHub's. */
const of = (words: string): string => `\${{ ${words} }}`;

const OWN = 'github.event.pull_request.head.repo.full_name == github.repository';
const FORK = 'github.event.pull_request.head.repo.full_name != github.repository';

const INSTALL = `      - name: install slab
        env:
          SLAB_PACKAGE: ${of('vars.SLAB_PACKAGE')}
        run: |
          command -v slab || npm install --global --ignore-scripts "\${SLAB_PACKAGE:?say in the variable SLAB_PACKAGE where slab is: name@version, or a package made by npm pack}"
          slab --version
`;

const REACH = `      - name: ways to the hosts
        env:
          SLAB_SSH_KEY: ${of('secrets.SLAB_SSH_KEY')}
          SLAB_KNOWN_HOSTS: ${of('vars.SLAB_KNOWN_HOSTS')}
        run: |
          umask 077
          mkdir -p "$HOME/.ssh"
          printf '%s\\n' "$SLAB_KNOWN_HOSTS" >>"$HOME/.ssh/known_hosts"
          eval "$(ssh-agent -s)" >/dev/null
          printf '%s\\n' "$SLAB_SSH_KEY" | ssh-add -q -
          printf '%s\\n' "SSH_AUTH_SOCK=$SSH_AUTH_SOCK" "SSH_AGENT_PID=$SSH_AGENT_PID" >>"$GITHUB_ENV"
`;

/** Checks and plans pull requests and applies what was reviewed, for GitHub. @param environment whose hosts. */
export function githubPipeline(environment: string): Readonly<Record<string, string>> {
  return {
    '.github/workflows/slab.yml': `# What a pull request changes on the hosts of ${environment}, and its apply after the merge. Written by slab init --ci github.
#
# It needs, in the settings of the repository:
#   variable SLAB_PACKAGE        where slab is installed from, with its version, unless the runner has it
#   variable SLAB_KNOWN_HOSTS    the hosts' keys (slab trust adds them to your known_hosts)
#   secret SLAB_SSH_KEY          a key for the hosts, in the environments slab-plan and slab-apply
# Let people approve deployments to slab-apply. Pull requests from forks get no secret: they are compared, not planned.
name: slab
on:
  pull_request:
    types: [opened, synchronize, reopened, closed]
permissions: {}
env:
  SLAB_INVENTORY: ${environment}
jobs:
  check:
    if: ${of("github.event.action != 'closed'")}
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
      - uses: ${CHECKOUT}
        with:
          fetch-depth: 0
          persist-credentials: false
${INSTALL}      - name: check
        if: ${of(OWN)}
        run: slab check
      - name: diff
        if: ${of(OWN)}
        env:
          BASE: ${of('github.event.pull_request.base.sha')}
        run: slab diff --base "$BASE" --format md >>"$GITHUB_STEP_SUMMARY"
      - name: diff of a fork
        if: ${of(FORK)}
        env:
          BASE: ${of('github.event.pull_request.base.sha')}
        run: slab diff --base "$BASE" --untrusted --format md >>"$GITHUB_STEP_SUMMARY"
  plan:
    if: ${of(`github.event.action != 'closed' && ${OWN}`)}
    needs: check
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    environment: slab-plan
    permissions:
      contents: read
      pull-requests: write
    steps:
      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
${INSTALL}${REACH}      - name: plan
        run: |
          slab plan --no-input --progress lines -o "$RUNNER_TEMP/pr.slabplan"
          slab show "$RUNNER_TEMP/pr.slabplan" --format md >"$RUNNER_TEMP/comment.md"
      - name: comment
        env:
          GH_TOKEN: ${of('github.token')}
          PR: ${of('github.event.pull_request.number')}
        run: gh pr comment "$PR" --repo "$GITHUB_REPOSITORY" --edit-last --create-if-none --body-file "$RUNNER_TEMP/comment.md"
      - uses: ${UPLOAD}
        with:
          name: slab-plan-${of('github.event.pull_request.head.sha')}
          path: ${of('runner.temp')}/pr.slabplan
          if-no-files-found: error
  apply:
    if: ${of("github.event.action == 'closed' && github.event.pull_request.merged")}
    runs-on: ubuntu-24.04
    environment: slab-apply
    concurrency: slab-${environment}
    permissions:
      actions: read
      contents: read
    steps:
      - uses: ${CHECKOUT}
        with:
          ref: ${of('github.event.pull_request.merge_commit_sha')}
          persist-credentials: false
${INSTALL}${REACH}      - name: the plan that was reviewed
        env:
          GH_TOKEN: ${of('github.token')}
          HEAD: ${of('github.event.pull_request.head.sha')}
        run: gh run download --repo "$GITHUB_REPOSITORY" --name "slab-plan-$HEAD" --dir "$RUNNER_TEMP"
      - name: apply
        run: slab apply --expect "$RUNNER_TEMP/pr.slabplan" -y --no-input --progress lines
`,
  };
}
