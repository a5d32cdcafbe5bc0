// OpenSSL's libcrypto, loaded at first use: linked in, its tables alone would double the start-up of a hook that signs
// nothing, and a copy of ours would miss the fixes that the system gets. Only libscan/net includes this.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include "libscan/core/result.hpp"

namespace launchgate::net {

// The functions we call, with the library's own types. Valid for the life of the process.
struct Libcrypto {
  decltype(&BIO_new_mem_buf) bio_of_bytes;
  decltype(&BIO_free_all) bio_free;
  decltype(&PEM_read_bio_PrivateKey) read_private_key;
  decltype(&PEM_read_bio_PUBKEY) read_public_key;
  decltype(&EVP_PKEY_new_raw_private_key) raw_private_key;
  decltype(&EVP_PKEY_new_raw_public_key) raw_public_key;
  decltype(&EVP_PKEY_get_raw_public_key) get_raw_public_key;
  decltype(&EVP_PKEY_get_id) key_type;
  decltype(&EVP_PKEY_free) key_free;
  decltype(&EVP_MD_CTX_new) context_new;
  decltype(&EVP_MD_CTX_free) context_free;
  decltype(&EVP_DigestSignInit) sign_init;
  decltype(&EVP_DigestSign) sign;
  decltype(&EVP_DigestVerifyInit) verify_init;
  decltype(&EVP_DigestVerify) verify;
  decltype(&EVP_sha1) sha1;
  decltype(&EVP_sha256) sha256;
  decltype(&EVP_sha512) sha512;
  decltype(&HMAC) hmac;
};

// Thread-safe; the first call loads. Errors: ErrorCode::undecided when the library is absent or too old.
Result<const Libcrypto*> libcrypto();

}  // namespace launchgate::net
