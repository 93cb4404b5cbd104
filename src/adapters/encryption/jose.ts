// The one door of `jose`, which does all of the cryptography but the plain hash of a line.
export {
  CompactEncrypt,
  CompactSign,
  type CryptoKey,
  compactDecrypt,
  compactVerify,
  decodeProtectedHeader,
  type JWK,
  type KeyObject,
} from 'jose';
