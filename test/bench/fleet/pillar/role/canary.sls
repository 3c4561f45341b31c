monitor:
  checks:
    canary: {every: 5, warn: 1, critical: 2}
