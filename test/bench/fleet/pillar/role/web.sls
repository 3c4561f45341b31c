web:
  workers: {{ grains['num_cpus'] * 2 }}
  sites:
{%- for site in ['shop', 'blog', 'docs', 'api', 'status', 'media', 'admin', 'intra', 'forum'] %}
    {{ site }}:
      port: {{ 8000 + loop.index }}
      names: [{{ site }}.example.net, www.{{ site }}.example.net]
      root: /srv/www/{{ site }}
{%- endfor %}
base:
  sysctl:
    net.core.somaxconn: 16384
