{%- set load = pillar['load'] %}
{%- if load.packages %}
packages:
  pkg.installed:
    - pkgs: {{ load.packages | json }}
{%- endif %}

{%- for user in load.users %}
group-{{ user.name }}:
  group.present:
    - name: {{ user.name }}

user-{{ user.name }}:
  user.present:
    - name: {{ user.name }}
    - gid: {{ user.name }}
    - home: {{ user.home }}
    - shell: {{ user.shell }}
    - require:
      - group: group-{{ user.name }}
{%- endfor %}

{%- for path in load.directories %}
{{ path }}:
  file.directory:
    - user: root
    - group: root
    - mode: '0755'
    - makedirs: True
{%- endfor %}

{%- for f in load.files %}
{{ f.path }}:
  file.managed:
    - source: salt://app.conf.j2
    - template: jinja
    - user: {{ f.owner }}
    - group: {{ f.owner }}
    - mode: '{{ f.mode }}'
    - context:
        index: {{ loop.index0 }}
{%- endfor %}

{%- for link in load.links %}
{{ link.path }}:
  file.symlink:
    - target: {{ link.target }}
{%- endfor %}

{%- for line in load.lines %}
line-{{ line.path }}-{{ line.key }}:
  file.replace:
    - name: {{ line.path }}
    - pattern: '^#?{{ line.key }} = .*$'
    - repl: '{{ line.line }}'
    - append_if_not_found: True
{%- endfor %}
