#include "libscan/net/crypto.hpp"

#include <string.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>

#include "libscan/net/libcrypto.hpp"
#include "libscan/net/url.hpp"

namespace launchgate::net {
namespace {

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;
using Key = Owned<EVP_PKEY>;
using Context = Owned<EVP_MD_CTX>;

constexpr std::size_t kEd25519Size = 32;

const unsigned char* bytes(std::string_view s) noexcept { return reinterpret_cast<const unsigned char*>(s.data()); }

std::string_view trim(std::string_view s) noexcept {
  const auto space = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!s.empty() && space(s.front())) s.remove_prefix(1);
  while (!s.empty() && space(s.back())) s.remove_suffix(1);
  return s;
}

bool hex_decode(std::string_view text, std::string& out) {
  out.clear();
  if (text.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
    if (error != std::errc{} || end != text.data() + i + 2) return false;
    out += static_cast<char>(value);
  }
  return true;
}

bool raw_key(std::string_view text, std::string& out) {
  if (text.size() == 2 * kEd25519Size && hex_decode(text, out)) return true;
  return base64_decode(text, out) && out.size() == kEd25519Size;
}

int no_passphrase(char*, int, int, void*) noexcept { return 0; }

Result<Key> load_key(const Libcrypto& ssl, std::string_view text, bool secret) {
  text = trim(text);
  Key key(nullptr, ssl.key_free);
  std::string raw;
  if (text.substr(0, 10) == "-----BEGIN") {
    const Owned<BIO> bio(ssl.bio_of_bytes(text.data(), static_cast<int>(text.size())), ssl.bio_free);
    key.reset(secret ? ssl.read_private_key(bio.get(), nullptr, no_passphrase, nullptr)
                     : ssl.read_public_key(bio.get(), nullptr, no_passphrase, nullptr));
  } else if (raw_key(text, raw)) {
    key.reset(secret ? ssl.raw_private_key(EVP_PKEY_ED25519, nullptr, bytes(raw), raw.size())
                     : ssl.raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(raw), raw.size()));
    explicit_bzero(raw.data(), raw.size());
  }
  if (!key || ssl.key_type(key.get()) != EVP_PKEY_ED25519)
    return fail(ErrorCode::config, secret ? "the signing key is no Ed25519 private key" : "no Ed25519 public key",
                "give PEM (`openssl genpkey -algorithm ed25519`) or 32 bytes in base64 or hex");
  return key;
}

bool base32_decode(std::string_view text, std::string& out) {
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    if (c == ' ' || c == '-' || c == '=') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    int value = -1;
    if (c >= 'A' && c <= 'Z') value = c - 'A';
    if (c >= '2' && c <= '7') value = c - '2' + 26;
    if (value < 0) return false;
    bits = bits << 5 | static_cast<std::uint32_t>(value);
    count += 5;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xff);
    }
  }
  return !out.empty();
}

struct TotpSettings {
  std::string secret;
  int digits = 6;
  int period = 30;
  const EVP_MD* digest = nullptr;
};

bool read_totp_settings(const Libcrypto& ssl, std::string_view text, TotpSettings& out) {
  out.digest = ssl.sha1();
  if (text.substr(0, 15) != "otpauth://totp/") return base32_decode(text, out.secret);
  const std::size_t question = text.find('?');
  if (question == std::string_view::npos) return false;
  std::string_view query = text.substr(question + 1);
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t eq = std::min(pair.find('='), pair.size());
    const std::string key = lower(pair.substr(0, eq));
    const std::string value = percent_decode(pair.substr(std::min(eq + 1, pair.size())));
    if (key == "secret" && !base32_decode(value, out.secret)) return false;
    if (key == "digits") std::from_chars(value.data(), value.data() + value.size(), out.digits);
    if (key == "period") std::from_chars(value.data(), value.data() + value.size(), out.period);
    if (key == "algorithm" && lower(value) == "sha256") out.digest = ssl.sha256();
    if (key == "algorithm" && lower(value) == "sha512") out.digest = ssl.sha512();
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return !out.secret.empty() && out.digits >= 6 && out.digits <= 8 && out.period >= 5 && out.period <= 300;
}

}  // namespace

bool equal_constant_time(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  volatile unsigned char differ = 0;  // so that no optimiser leaves the loop early
  for (std::size_t i = 0; i < a.size(); ++i) differ = differ | static_cast<unsigned char>(a[i] ^ b[i]);
  return differ == 0;
}

Result<std::string> ed25519_sign(std::string_view private_key, std::string_view message) {
  const auto ssl = libcrypto();
  if (!ssl) return Unexpected{ssl.error()};
  Result<Key> key = load_key(**ssl, private_key, true);
  if (!key) return Unexpected{key.error()};
  const Context context((*ssl)->context_new(), (*ssl)->context_free);
  std::string signature(64, '\0');
  std::size_t size = signature.size();
  if ((*ssl)->sign_init(context.get(), nullptr, nullptr, nullptr, key->get()) != 1 ||
      (*ssl)->sign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes(message),
                   message.size()) != 1)
    return fail(ErrorCode::internal, "signing failed");
  return signature;
}

Result<bool> ed25519_verify(std::string_view public_key, std::string_view message, std::string_view signature) {
  const auto ssl = libcrypto();
  if (!ssl) return Unexpected{ssl.error()};
  Result<Key> key = load_key(**ssl, public_key, false);
  if (!key) return Unexpected{key.error()};
  const Context context((*ssl)->context_new(), (*ssl)->context_free);
  if ((*ssl)->verify_init(context.get(), nullptr, nullptr, nullptr, key->get()) != 1)
    return fail(ErrorCode::internal, "verifying failed");
  return (*ssl)->verify(context.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
}

Result<std::string> ed25519_public(std::string_view private_key) {
  const auto ssl = libcrypto();
  if (!ssl) return Unexpected{ssl.error()};
  Result<Key> key = load_key(**ssl, private_key, true);
  if (!key) return Unexpected{key.error()};
  std::string out(kEd25519Size, '\0');
  std::size_t size = out.size();
  if ((*ssl)->get_raw_public_key(key->get(), reinterpret_cast<unsigned char*>(out.data()), &size) != 1)
    return fail(ErrorCode::internal, "the key has no public part");
  return out;
}

Result<Totp> totp(std::string_view secret, std::int64_t unix_ms) {
  const auto ssl = libcrypto();
  if (!ssl) return Unexpected{ssl.error()};
  TotpSettings settings;
  if (!read_totp_settings(**ssl, trim(secret), settings))
    return fail(ErrorCode::config, "the TOTP secret is neither base32 nor an otpauth://totp/ URI",
                "it is the text behind the QR code that the second factor was set up with");
  const std::int64_t period_ms = settings.period * std::int64_t{1000};
  Totp out;
  out.step = unix_ms / period_ms;
  out.remaining_ms = static_cast<double>(period_ms - unix_ms % period_ms);
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < 8; ++i) counter[i] = static_cast<unsigned char>(out.step >> (56 - 8 * i) & 0xff);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  if ((*ssl)->hmac(settings.digest, settings.secret.data(), static_cast<int>(settings.secret.size()), counter.data(),
                   counter.size(), mac.data(), &size) == nullptr)
    return fail(ErrorCode::internal, "HMAC failed");
  const std::size_t offset = mac[size - 1] & 15;  // RFC 4226 section 5.3
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | mac[offset + i];
  std::uint32_t modulus = 1;
  for (int i = 0; i < settings.digits; ++i) modulus *= 10;
  out.code = std::to_string((value & 0x7fffffff) % modulus);
  out.code.insert(0, static_cast<std::size_t>(settings.digits) - out.code.size(), '0');
  explicit_bzero(settings.secret.data(), settings.secret.size());
  return out;
}

namespace {
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}  // namespace

std::string base64_encode(std::string_view in) {
  std::string out;
  for (std::size_t i = 0; i < in.size(); i += 3) {
    const std::string_view three = in.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < three.size() ? static_cast<unsigned char>(three[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= three.size() ? kAlphabet[bits >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

bool base64_decode(std::string_view text, std::string& out) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  out.clear();
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    if (c == '-') c = '+';
    if (c == '_') c = '/';
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return false;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xff);
    }
  }
  return text.size() % 4 != 1;
}

std::string random_hex(std::size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string raw(size, '\0');
  for (std::size_t have = 0; have < size;) {
    const ssize_t got = getrandom(raw.data() + have, size - have, 0);
    if (got < 0 && errno != EINTR) return {};
    if (got > 0) have += static_cast<std::size_t>(got);
  }
  std::string out;
  for (char c : raw) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

}  // namespace launchgate::net
