cache:
  instances:
{%- for n in range(9) %}
    c{{ n }}: {port: {{ 6379 + n }}, memory: {{ (grains['mem_total'] // 12) }}mb}
{%- endfor %}
