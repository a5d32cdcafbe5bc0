// A key and a certificate that nobody trusts, made when a test asks for them: for servers under test that speak TLS.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace launchgate::tests {

struct FreeOpenSsl {
  void operator()(EVP_PKEY* p) const noexcept { EVP_PKEY_free(p); }
  void operator()(X509* p) const noexcept { X509_free(p); }
  void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
  void operator()(SSL* p) const noexcept { SSL_free(p); }
};

class TlsIdentity {
 public:
  // Self-signed, good for an hour. `name` is a subjectAltName: "IP:127.0.0.1", "DNS:mail.example".
  explicit TlsIdentity(const std::string& name = "IP:127.0.0.1");

  std::string certificate() const;  // PEM: what a client that trusts this server is given as its CA
  std::string private_key() const;  // PEM
  std::string pin() const;          // "sha256//BASE64" of the public key, as curl pins it
  // The server asks every client for this identity's certificate and takes no other.
  void require_from_clients(SSL_CTX* server) const;
  // A server context with this identity.
  std::unique_ptr<SSL_CTX, FreeOpenSsl> context() const;

 private:
  std::unique_ptr<EVP_PKEY, FreeOpenSsl> key_;
  std::unique_ptr<X509, FreeOpenSsl> certificate_;
};

}  // namespace launchgate::tests
