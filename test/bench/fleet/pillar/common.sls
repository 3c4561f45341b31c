base:
  packages: [curl, vim, rsync, tcpdump, lsof, strace]
  sysctl:
    vm.swappiness: 10
    net.core.somaxconn: 4096
    net.ipv4.tcp_tw_reuse: 1
    net.ipv4.ip_local_port_range: 10240 65000
    fs.file-max: 1000000
    kernel.panic: 30
  limits: {nofile: 65536, nproc: 8192}
time:
  servers: [ntp1.example.net, ntp2.example.net, ntp3.example.net]
logging:
  target: logs.example.net
  port: 6514
  rotate:
{%- for name in ['syslog', 'auth', 'kern', 'mail', 'daemon', 'cron'] %}
    {{ name }}: {days: {{ 7 + loop.index }}, compress: true}
{%- endfor %}
monitor:
  port: 9100
  checks:
{%- for name in ['load', 'disk', 'memory', 'swap', 'time', 'processes'] %}
    {{ name }}: {every: {{ 15 * loop.index }}, warn: {{ 60 + loop.index }}, critical: {{ 80 + loop.index }}}
{%- endfor %}
