#include "libscan/net/libcrypto.hpp"

#include <string>

#include "libscan/net/bind.hpp"

namespace launchgate::net {
namespace {

struct Loaded {
  Libcrypto table{};
  std::string problem;
};

bool bind_all(void* library, Libcrypto& t) noexcept {
  return bind(library, "BIO_new_mem_buf", t.bio_of_bytes) && bind(library, "BIO_free_all", t.bio_free) &&
         bind(library, "PEM_read_bio_PrivateKey", t.read_private_key) &&
         bind(library, "PEM_read_bio_PUBKEY", t.read_public_key) &&
         bind(library, "EVP_PKEY_new_raw_private_key", t.raw_private_key) &&
         bind(library, "EVP_PKEY_new_raw_public_key", t.raw_public_key) &&
         bind(library, "EVP_PKEY_get_raw_public_key", t.get_raw_public_key) &&
         bind(library, "EVP_PKEY_get_id", t.key_type) && bind(library, "EVP_PKEY_free", t.key_free) &&
         bind(library, "EVP_MD_CTX_new", t.context_new) && bind(library, "EVP_MD_CTX_free", t.context_free) &&
         bind(library, "EVP_DigestSignInit", t.sign_init) && bind(library, "EVP_DigestSign", t.sign) &&
         bind(library, "EVP_DigestVerifyInit", t.verify_init) && bind(library, "EVP_DigestVerify", t.verify) &&
         bind(library, "EVP_sha1", t.sha1) && bind(library, "EVP_sha256", t.sha256) &&
         bind(library, "EVP_sha512", t.sha512) && bind(library, "HMAC", t.hmac);
}

Loaded load() {
  Loaded out;
  void* const library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    out.problem = "OpenSSL 3 is not installed";
  else if (!bind_all(library, out.table))
    out.problem = "the installed OpenSSL lacks functions";
  return out;
}

}  // namespace

Result<const Libcrypto*> libcrypto() {
  static const Loaded loaded = load();
  if (!loaded.problem.empty())
    return fail(ErrorCode::undecided, loaded.problem + ": nothing can be signed, verified or signed in to with a code",
                "install it (Debian, Ubuntu: apt install libssl3)");
  return &loaded.table;
}

}  // namespace launchgate::net
