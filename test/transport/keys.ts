/** Public keys made by ssh-keygen for these tests, with the fingerprints it shows; their private halves are gone. */
export const ed25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIAG7jRN+oGzc+D3r74LP9dPztyQeFd2IVdvoKCiU54MG';
export const ed25519Fingerprint = 'SHA256:R/3trkBKrKbiCDnemcbZmeOCdogmd8Ig1wTDdpcFjhM';
export const ecdsa =
  'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHXzN3f2p1mLwE4u36YAHGsNWwpsG/WfWkfrLmmiTGQBrsqNfWodalLPPiYL+wXLkNB3YAlBKeqLl59prHz2RcU=';
export const ecdsaFingerprint = 'SHA256:/kASuebl2yP/TWCFQ8HBrjwKX601N6/FdmCaghGB9r0';

/** Another ed25519 key: the same bytes but for the last. */
export const otherEd25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIAG7jRN+oGzc+D3r74LP9dPztyQeFd2IVdvoKCiU54MH';

/** What `ssh-keygen -H` made of `web1.example` and of `[10.0.0.7]:2222` (OpenSSH 9.2). */
export const hashedByKeygen = [
  `|1|vXFbU3P/9MJe0fgydXGduwGQHSI=|UFbeeSc8brr4homrtO6OyFTg0rs= ssh-ed25519 ${ed25519}`,
  `|1|0hVOQJe/d8BOABAnNL8MTgqXyME=|JgdBxz7Rurwwt4p7nRDdn0f7Jt8= ssh-ed25519 ${ed25519}`,
].join('\n');
