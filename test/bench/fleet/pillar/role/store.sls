store:
  memory: {{ (grains['mem_total'] * 0.25) | int }}MB
  connections: {{ grains['num_cpus'] * 50 }}
  databases:
{%- for name in ['orders', 'people', 'stock', 'events', 'mail', 'jobs', 'files', 'audit', 'plans'] %}
    {{ name }}: {owner: {{ name }}, size: {{ loop.index * 10 }}}
{%- endfor %}
base:
  sysctl:
    vm.swappiness: 1
    vm.overcommit_memory: 2
