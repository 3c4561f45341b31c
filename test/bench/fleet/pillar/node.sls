{#- What tells a host from its sisters; twins have all of it in common. -#}
{%- set twin = host.vars.get('twin', False) %}
{%- set id = 'twin' if twin else grains['id'] %}
{%- set address = '10.0.0.1' if twin else host.address %}
node:
  name: {{ id }}
  fqdn: {{ id }}.example.net
  address: {{ address }}
  role: {{ id | replace('0', '') | replace('1', '') }}
  rack: {{ 'rack' if twin else host.labels.rack }}
  memory: {{ grains['mem_total'] }}
  cpus: {{ grains['num_cpus'] }}
{%- set peers = [] if twin else inventory.groups[host.labels.rack] %}
  peers:
    - {{ id }}
{%- for peer in peers if peer != id %}
    - {{ peer }}
{%- endfor %}
