base:
  '*':
    - common
  'web*':
    - web
  'lb*':
    - balancer
