#include "tests/support/tls_identity.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

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
  BIO* memory = BIO_new(BIO_s_mem());
  must(memory != nullptr && PEM_write_bio_X509(memory, certificate_.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(memory);
  return pem;
}

std::unique_ptr<SSL_CTX, FreeOpenSsl> TlsIdentity::context() const {
  std::unique_ptr<SSL_CTX, FreeOpenSsl> context(SSL_CTX_new(TLS_server_method()));
  must(context && SSL_CTX_use_certificate(context.get(), certificate_.get()) == 1 &&
       SSL_CTX_use_PrivateKey(context.get(), key_.get()) == 1);
  return context;
}

}  // namespace launchgate::tests
