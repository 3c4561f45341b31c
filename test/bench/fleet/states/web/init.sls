{%- from 'map.jinja' import names with context %}
{%- from 'macros.jinja' import config, folder with context %}
{%- set web = pillar.web %}
include:
  - time

extend:
  time-service:
    service:
      - require_in:
        - service: web-service

web-package:
  pkg.installed:
    - name: {{ names.packages.web }}

web-config:
  {{ config('/etc/nginx/nginx.conf', 'web/nginx.conf.j2', workers=web.workers, owner=names.web_user) }}
    - require:
      - pkg: web-package

{% for name, site in web.sites.items() %}
site-root-{{ name }}:
  {{ folder(site.root, user=names.web_user) }}

site-{{ name }}:
  {{ config('/etc/nginx/sites-available/' ~ name, 'web/site.conf.j2', site=site, name=name) }}
    - require:
      - pkg: web-package
      - file: site-root-{{ name }}
    - watch_in:
      - service: web-service

site-link-{{ name }}:
  file.symlink:
    - name: /etc/nginx/sites-enabled/{{ name }}
    - target: /etc/nginx/sites-available/{{ name }}
    - require:
      - file: site-{{ name }}
{% endfor %}

web-service:
  service.running:
    - name: {{ names.services.web }}
    - enable: True
    - watch:
      - file: web-config
