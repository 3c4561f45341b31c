base:
  '*':
    - common
    - node
    - people
  'web*':
    - role.web
  'db*':
    - role.store
  'cache*':
    - role.cache
  'G@os_family:RedHat and not cache*':
    - role.selinux
  '*0[1-3]':
    - order: 1
    - role.canary
