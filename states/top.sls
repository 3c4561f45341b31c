# Which hosts get which states. A bare word is a glob on the host's name; see lib/inventory/README.md for the rest.
base:
  '*':
    - base
  'I@roles:web':
    - web
  'I@roles:balancer':
    - balancer
