include:
  - people-keys:
      defaults:
        kind: ed25519
      key: keys
people:
{%- for name in ['anna', 'boris', 'chandra', 'dalia', 'emil', 'fatima', 'goran'] %}
  {{ name }}:
    uid: {{ 2000 + loop.index }}
    groups: [{{ 'adm' if loop.index is odd else 'users' }}]
    shell: /bin/bash
{%- endfor %}
