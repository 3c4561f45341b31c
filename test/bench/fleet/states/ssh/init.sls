{%- from 'map.jinja' import names with context %}
{%- from 'macros.jinja' import config with context %}
ssh-package:
  pkg.installed:
    - name: {{ names.packages.ssh }}

ssh-config:
  {{ config('/etc/ssh/sshd_config', 'ssh/sshd_config.j2', mode='0600', listen=pillar.node.address, users=pillar.people.keys() | list) }}
    - require:
      - pkg: ssh-package

ssh-service:
  service.running:
    - name: {{ names.services.ssh }}
    - enable: True
    - watch:
      - file: ssh-config
