# A service with its package and configuration; which ones, the environment's pillar says.
{%- set web = pillar['web'] %}

web-package:
  pkg.installed:
    - name: {{ web.package }}

web-config:
  file.managed:
    - name: {{ web.config }}
    - source: salt://web/web.conf.j2
    - template: jinja
    - mode: '0640'
    - makedirs: True
    - context:
        listen: {{ web.listen }}
        workers: {{ web.workers }}
    - require:
        - pkg: web-package

web-service:
  service.running:
    - name: {{ web.service }}
    - enable: True
    - watch:
        - file: web-config

web-smoke-test:
  cmd.run:
    - name: test -s {{ web.config }} && date > /srv/data/configured
    - onchanges:
        - file: web-config
    - require:
        - file: /srv/data
