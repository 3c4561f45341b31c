# A load balancer for S3 that lets each bucket have so many requests per second, as a failsafe; README.md has the why.
{%- set balancer = pillar['balancer'] %}

haproxy-package:
  pkg.installed:
    - name: haproxy

# Says whether a configuration does what it should: before it is put in place, and of what runs.
/usr/local/sbin/check-balancer:
  file.managed:
    - source: salt://balancer/check-balancer
    - mode: '0755'

haproxy-config:
  file.managed:
    - name: /etc/haproxy/haproxy.cfg
    - source: salt://balancer/haproxy.cfg.j2
    - template: jinja
    - mode: '0644'
    - check_cmd:
        - haproxy -c -q -f
        - /usr/local/sbin/check-balancer trial
    - require:
        - pkg: haproxy-package
        - file: /usr/local/sbin/check-balancer

haproxy:
  service.running:
    - enable: True
    - reload: True
    - watch:
        - file: haproxy-config
    # Asked by every plan too: a balancer that answers wrongly is a failure, whatever its files say.
    - check_cmd:
        - /usr/local/sbin/check-balancer running
