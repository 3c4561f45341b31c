{%- from 'macros.jinja' import config, folder with context %}
{%- set monitor = pillar.monitor %}
monitor-account:
  user.present:
    - name: exporter
    - system: True
    - home: /var/lib/exporter
    - shell: /usr/sbin/nologin

monitor-folder:
  {{ folder('/etc/exporter', user='exporter') }}
    - require:
      - user: monitor-account

monitor-unit:
  {{ config('/etc/systemd/system/exporter.service', 'monitor/exporter.service.j2', port=monitor.port) }}

monitor-reload:
  cmd.run:
    - name: systemctl daemon-reload
    - onchanges:
      - file: monitor-unit

{% for name, check in monitor.checks.items() %}
check-{{ name }}:
  {{ config('/etc/exporter/' ~ name ~ '.yaml', 'monitor/check.yaml.j2', user='exporter', group='exporter', name=name, check=check) }}
    - require:
      - file: monitor-folder
{% endfor %}

monitor-service:
  service.running:
    - name: exporter
    - enable: True
    - require:
      - cmd: monitor-reload
    - watch:
      - file: monitor-unit
{%- for name in monitor.checks %}
      - file: check-{{ name }}
{%- endfor %}
