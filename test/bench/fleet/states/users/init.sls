{%- from 'macros.jinja' import folder, config %}
{%- for name, person in pillar.people.items() %}
{%- set home = '/home/' ~ name %}
group-{{ name }}:
  group.present:
    - name: {{ name }}
    - gid: {{ person.uid }}

user-{{ name }}:
  user.present:
    - name: {{ name }}
    - uid: {{ person.uid }}
    - gid: {{ name }}
    - groups: {{ person.groups | json }}
    - home: {{ home }}
    - shell: {{ person.shell }}
    - require:
      - group: group-{{ name }}

ssh-{{ name }}:
  {{ folder(home ~ '/.ssh', user=name, mode='0700') }}
    - require:
      - user: user-{{ name }}

keys-{{ name }}:
  file.managed:
    - name: {{ home }}/.ssh/authorized_keys
    - contents_pillar: keys:{{ name }}
    - user: {{ name }}
    - mode: '0600'
    - require:
      - file: ssh-{{ name }}
{% endfor %}
