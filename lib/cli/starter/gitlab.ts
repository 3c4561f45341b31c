/** Checks and plans merge requests and applies what was reviewed, for GitLab. @param environment whose hosts. */
export function gitlabPipeline(environment: string): Readonly<Record<string, string>> {
  return {
    '.gitlab-ci.yml': `# What a merge request changes on the hosts of ${environment}, and its apply after the merge. Written by slab init --ci gitlab.
#
# It needs these variables of the project:
#   SLAB_PACKAGE        where slab is installed from, with its version, unless the image has it
#   SLAB_KNOWN_HOSTS    the hosts' keys, a file (slab trust adds them to your known_hosts)
#   SLAB_SSH_KEY        a key for the hosts, a file, for the environment ${environment}
#   SLAB_API_HEADERS    a file with the line PRIVATE-TOKEN: … of a project access token (api, Developer)
# Protect the environment ${environment}, and let people start its deployments. Merge requests from forks are compared, not planned.
stages: [check, plan, apply]

default:
  image: node:20.19.5-bookworm
  timeout: 30 minutes

variables:
  SLAB_INVENTORY: ${environment}
  GIT_DEPTH: 0

.slab:
  before_script:
    - command -v slab || npm install --global --ignore-scripts "\${SLAB_PACKAGE:?say in the variable SLAB_PACKAGE where slab is}"
    - slab --version

.hosts:
  before_script:
    - command -v slab || npm install --global --ignore-scripts "\${SLAB_PACKAGE:?say in the variable SLAB_PACKAGE where slab is}"
    - slab --version
    - umask 077 && mkdir -p "$HOME/.ssh" && cat "$SLAB_KNOWN_HOSTS" >>"$HOME/.ssh/known_hosts"
    - eval "$(ssh-agent -s)" >/dev/null
    - tr -d '\\r' <"$SLAB_SSH_KEY" | ssh-add -q -

check:
  extends: .slab
  stage: check
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID
  script:
    - slab check
    - slab diff --base "$CI_MERGE_REQUEST_DIFF_BASE_SHA"

check-fork:
  extends: .slab
  stage: check
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID != $CI_PROJECT_ID
  script:
    - slab diff --base "$CI_MERGE_REQUEST_DIFF_BASE_SHA" --untrusted

plan:
  extends: .hosts
  stage: plan
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID
  environment:
    name: ${environment}
    action: prepare
  script:
    - slab plan --no-input --progress lines -o pr.slabplan
    - slab show ./pr.slabplan --format md >comment.md
    - curl --fail-with-body -sS -o /dev/null -H @"$SLAB_API_HEADERS" -F "body=<comment.md" "$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"
  artifacts:
    paths: [pr.slabplan]
    access: developer
    expire_in: 1 week

apply:
  extends: .hosts
  stage: apply
  rules:
    - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  environment:
    name: ${environment}
    action: start
  resource_group: ${environment}
  script:
    - api="$CI_API_V4_URL/projects/$CI_PROJECT_ID"
    - curl --fail-with-body -sS -o merged.json -H @"$SLAB_API_HEADERS" "$api/repository/commits/$CI_COMMIT_SHA/merge_requests"
    - iid=$(node -p 'JSON.parse(fs.readFileSync("merged.json")).at(0).iid')
    - curl --fail-with-body -sS -o pr.slabplan -H @"$SLAB_API_HEADERS" "$api/jobs/artifacts/refs%2Fmerge-requests%2F$iid%2Fhead/raw/pr.slabplan?job=plan"
    - slab apply --expect pr.slabplan -y --no-input --progress lines
`,
  };
}
