roles:
  - web
web:
  package: nginx
  service: nginx
  config: /etc/nginx/conf.d/slab.conf
  listen: 8080
  workers: 4
  # A secret of your own belongs into an encrypted pillar; this one only shows that it is masked.
  token: example-token-not-secret
