{%- from 'map.jinja' import names with context %}
{%- from 'macros.jinja' import config with context %}
time-package:
  pkg.installed:
    - name: {{ names.packages.time }}

time-config:
  {{ config(names.time_conf, 'time/chrony.conf.j2', servers=pillar.time.servers) }}
    - require:
      - pkg: time-package

time-service:
  service.running:
    - name: {{ names.services.time }}
    - enable: True
    - watch:
      - file: time-config
