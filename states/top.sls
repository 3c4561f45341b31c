base: {'*': [site]}
