{%- for kind, most in pillar['base']['limits'].items() %}
limit-{{ kind }}:
  file.managed:
    - name: /etc/security/limits.d/{{ kind }}.conf
    - contents:
      - '* soft {{ kind }} {{ most }}'
      - '* hard {{ kind }} {{ most }}'
{%- endfor %}
