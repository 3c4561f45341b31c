base:
  '*':
    - base
    - users
    - ssh
    - time
    - logging
    - monitor
  'I@node:role:web or web*':
    - web
  'db*':
    - store
  'cache* and G@kernel:Linux':
    - cache
