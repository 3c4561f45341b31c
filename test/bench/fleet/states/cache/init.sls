{%- from 'map.jinja' import names with context %}
{%- from 'macros.jinja' import config, folder with context %}
cache-package:
  pkg.installed:
    - name: {{ names.packages.cache }}

{% for name, instance in pillar.cache.instances.items() %}
cache-data-{{ name }}:
  {{ folder('/srv/cache/' ~ name) }}
    - require:
      - pkg: cache-package

cache-config-{{ name }}:
  {{ config('/etc/redis/' ~ name ~ '.conf', 'cache/redis.conf.j2', name=name, instance=instance) }}
    - require:
      - file: cache-data-{{ name }}

cache-service-{{ name }}:
  service.running:
    - name: redis-server@{{ name }}
    - enable: True
    - watch:
      - file: cache-config-{{ name }}
{% endfor %}
