roles:
  - balancer
balancer:
  domain: s3.example.com
  # Requests per second of each bucket, over all hosts of the group balancer.
  limit: 500
  servers:
    store1: 192.0.2.21:8080
    store2: 192.0.2.22:8080
    store3: 192.0.2.23:8080
