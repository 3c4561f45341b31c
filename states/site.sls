slow:
  cmd.run:
    - name: echo began >/tmp/twice-began; sleep 61; echo done >/tmp/twice-done
    - creates: /tmp/twice-done
