# There is nothing on the host that these states look at.
:
