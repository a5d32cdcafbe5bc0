#include "tests/support/tls_identity.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "libscan/net/crypto.hpp"

namespace launchgate::tests {
namespace {

constexpr long kLifeSeconds = 3600;

void must(bool done) {
  if (!done) throw std::runtime_error("test certificate: OpenSSL refused");
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

template <class Write>
std::string written(Write&& write) {
  BIO* memory = BIO_new(BIO_s_mem());
  must(memory != nullptr && write(memory) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  std::string out(text, static_cast<std::size_t>(size));
  BIO_free(memory);
  return out;
}

}  // namespace

TlsIdentity::TlsIdentity(const std::string& name) : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
  X509* c = certificate_.get();
  must(key_ && c != nullptr && X509_set_version(c, X509_VERSION_3) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
  X509_gmtime_adj(X509_getm_notBefore(c), -kLifeSeconds);
  X509_gmtime_adj(X509_getm_notAfter(c), kLifeSeconds);
  X509_NAME* subject = X509_get_subject_name(c);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("launchgate test"), -1,
                             -1, 0);
  must(X509_set_issuer_name(c, subject) == 1 && X509_set_pubkey(c, key_.get()) == 1);
  add_extension(c, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(c, NID_subject_alt_name, name);
  must(X509_sign(c, key_.get(), EVP_sha256()) > 0);
}

std::string TlsIdentity::certificate() const {
  return written([&](BIO* to) { return PEM_write_bio_X509(to, certificate_.get()); });
}

std::string TlsIdentity::private_key() const {
  return written(
      [&](BIO* to) { return PEM_write_bio_PrivateKey(to, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string TlsIdentity::pin() const {
  const std::string der = written([&](BIO* to) { return i2d_PUBKEY_bio(to, key_.get()); });
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(der.data()), der.size(), digest);
  return "sha256//" + net::base64_encode({reinterpret_cast<const char*>(digest), sizeof digest});
}

void TlsIdentity::require_from_clients(SSL_CTX* server) const {
  must(X509_STORE_add_cert(SSL_CTX_get_cert_store(server), certificate_.get()) == 1);
  SSL_CTX_set_verify(server, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

std::unique_ptr<SSL_CTX, FreeOpenSsl> TlsIdentity::context() const {
  std::unique_ptr<SSL_CTX, FreeOpenSsl> context(SSL_CTX_new(TLS_server_method()));
  must(context && SSL_CTX_use_certificate(context.get(), certificate_.get()) == 1 &&
       SSL_CTX_use_PrivateKey(context.get(), key_.get()) == 1);
  return context;
}

}  // namespace launchgate::tests
