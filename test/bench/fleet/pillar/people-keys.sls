{%- for name in ['anna', 'boris', 'chandra', 'dalia', 'emil', 'fatima', 'goran'] %}
{{ name }}: ssh-{{ kind }} AAAA{{ name | upper }}KEY{{ loop.index }} {{ name }}@example.net
{%- endfor %}
