selinux: {mode: enforcing}
