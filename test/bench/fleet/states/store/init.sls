{%- from 'map.jinja' import names with context %}
{%- from 'macros.jinja' import config, folder with context %}
{%- set store = pillar.store %}
store-package:
  pkg.installed:
    - name: {{ names.packages.store }}

store-config:
  {{ config('/etc/postgresql/postgresql.conf', 'store/postgresql.conf.j2', user='postgres', group='postgres', memory=store.memory, connections=store.connections) }}
    - require:
      - pkg: store-package

{% for name, database in store.databases.items() %}
account-{{ name }}:
  user.present:
    - name: {{ database.owner }}
    - system: True
    - shell: /usr/sbin/nologin

data-{{ name }}:
  {{ folder('/srv/data/' ~ name, user='postgres', mode='0700') }}
    - require:
      - pkg: store-package

backup-{{ name }}:
  {{ config('/etc/backup.d/' ~ name ~ '.conf', 'store/backup.conf.j2', name=name, database=database) }}
    - require:
      - file: data-{{ name }}
      - user: account-{{ name }}
{% endfor %}

store-service:
  service.running:
    - name: {{ names.services.store }}
    - enable: True
    - watch:
      - file: store-config
