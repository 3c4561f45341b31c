{%- from 'map.jinja' import names with context %}
{%- from 'macros.jinja' import config with context %}
{%- set base = pillar['base'] %}
{%- set node = pillar['node'] %}

include:
  - base.limits

base-packages:
  pkg.installed:
    - pkgs: {{ base.packages | json }}

/etc/hostname:
  file.managed:
    - contents: {{ node.name }}

hosts-file:
  {{ config('/etc/hosts', 'base/hosts.j2', peers=node.peers, address=node.address) }}

/etc/motd:
  file.managed:
    - contents: |
        {{ node.fqdn }} ({{ node.role }}, {{ node.rack }})
        {{ node.cpus }} CPUs, {{ node.memory }} MB

{% for key, value in base.sysctl | dictsort %}
sysctl-{{ key }}:
  file.managed:
    - name: /etc/sysctl.d/50-{{ key | replace('.', '-') }}.conf
    - contents: {{ key }} = {{ value }}
    - mode: '0644'
    - watch_in:
      - cmd: reload-sysctl
{% endfor %}

reload-sysctl:
  cmd.wait:
    - name: sysctl --system

/etc/localtime:
  file.symlink:
    - target: /usr/share/zoneinfo/{{ salt['pillar.get']('base:timezone', 'Etc/UTC') }}
    - force: True
