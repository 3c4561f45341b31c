contact: ops@example.org
