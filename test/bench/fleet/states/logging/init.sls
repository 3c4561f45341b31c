{%- from 'macros.jinja' import config with context %}
{%- set logging = salt['pillar.get']('logging', {}) %}
log-package:
  pkg.installed:
    - pkgs: [rsyslog, logrotate]

log-forward:
  {{ config('/etc/rsyslog.d/60-forward.conf', 'logging/forward.conf.j2', target=logging.target, port=logging.port) }}
    - require:
      - pkg: log-package

log-service:
  service.running:
    - name: rsyslog
    - enable: True
    - watch:
      - file: log-forward
{% for name, rotate in logging.rotate.items() %}
rotate-{{ name }}:
  {{ config('/etc/logrotate.d/' ~ name, 'logging/rotate.j2', name=name, days=rotate.days, compress=rotate.compress) }}
    - require:
      - pkg: log-package
{% endfor %}
