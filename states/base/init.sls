# What every host has: a group and a user for operations, a note for whoever logs in.
ops:
  group.present:
    - system: True

operator:
  user.present:
    - fullname: Operations
    - shell: /bin/bash
    - home: /home/operator
    - groups:
        - ops
    - require:
        - group: ops

/etc/motd:
  file.managed:
    - source: salt://base/motd.j2
    - template: jinja
    - user: root
    - group: root
    - mode: '0644'

/srv/data:
  file.directory:
    - user: operator
    - group: ops
    - mode: '2775'
    - makedirs: True
    - require:
        - user: operator
