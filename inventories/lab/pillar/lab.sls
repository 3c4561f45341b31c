# Lab hosts have no network: the package comes from the small repository inside them.
contact: nobody, this host is thrown away
roles:
  - web
web:
  package: lab-daemon
  service: lab-daemon
  config: /etc/lab-daemon/lab-daemon.conf
  listen: 8080
  workers: 4
  token: lab-token-31415926
