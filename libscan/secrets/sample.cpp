#include "libscan/secrets/sample.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <vector>

#include "libscan/secrets/encoding.hpp"

namespace launchgate::secrets {
namespace {

constexpr int kMaxDepth = 4;
constexpr unsigned kMaxCount = 4096;

// splitmix64 (Steele, Lea, Flood 2014): tiny, and the same everywhere, which <random>'s distributions are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  std::string bytes(std::size_t n) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i) out += static_cast<char>(next() >> 32 & 0xff);
    return out;
  }

 private:
  std::uint64_t state_;
};

// A class is up to three groups; a text of a class holds at least one character of each.
struct Class {
  std::string_view name;
  std::array<std::string_view, 3> groups;
};

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigit = "0123456789";

constexpr Class kClasses[] = {
    {"lower", {kLower, "", ""}},
    {"upper", {kUpper, "", ""}},
    {"alpha", {kLower, kUpper, ""}},
    {"digit", {kDigit, "", ""}},
    {"alnum", {kLower, kUpper, kDigit}},
    {"hex", {"abcdef", kDigit, ""}},
    {"HEX", {"ABCDEF", kDigit, ""}},
    {"base32", {kUpper, "234567", ""}},
    {"BECH32", {"QPZRYXGFTVDWSJNKHCEMUAL", "023456789", ""}},
    {"base58", {"abcdefghijkmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "123456789"}},
    {"base64", {kLower, kUpper, "0123456789+/"}},
    {"base64url", {kLower, kUpper, "0123456789-_"}},
    {"word", {kLower, kUpper, "0123456789_"}},
};

std::string random_text(const Class& wanted, std::size_t count, Random& random) {
  std::string all;
  std::size_t groups = 0;
  for (std::string_view group : wanted.groups) {
    all += group;
    groups += !group.empty();
  }
  std::string out;
  for (;;) {
    out.clear();
    while (out.size() < count) {
      const char c = all[random.below(all.size())];
      // No run and no ascending pair: "1234" or "aaaa" would look like a placeholder.
      if (!out.empty() && all.size() > 3 && (c == out.back() || c == out.back() + 1)) continue;
      // Separators at the edges are read as part of the text around.
      const bool edge = out.empty() || out.size() + 1 == count;
      if (edge && (c == '-' || c == '_' || c == '+' || c == '/')) continue;
      out += c;
    }
    std::size_t present = 0;
    for (std::string_view group : wanted.groups) present += !group.empty() && out.find_first_of(group) != out.npos;
    if (present == groups || count < 2 * groups) return out;
  }
}

std::string uuid(Random& random) {
  std::string out = random_text(kClasses[5], 32, random);
  out[12] = '4';
  out[16] = "89ab"[random.below(4)];
  for (std::size_t dash : {20U, 16U, 12U, 8U}) out.insert(dash, "-");
  return out;
}

std::string jwt(std::string_view members, Random& random) {
  std::string payload = "{";
  payload += members;
  if (!members.empty()) payload += ',';
  payload += R"("sub":")" + random_text(kClasses[4], 12, random) + R"(","iat":1700000000})";
  return encode_base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + encode_base64url(payload) + "." +
         encode_base64url(random.bytes(32));
}

// A base64 body of the shape of a DER private key: SEQUENCE { version 0, modulus or algorithm, noise }.
std::string der(std::string_view label, Random& random) {
  using namespace std::string_literals;
  const bool pkcs1 = label == "RSA PRIVATE KEY";
  const std::string inner =
      "\x02\x01\0"s +
      (pkcs1 ? "\x02\x82\x01\x01\0"s : "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\0\x04\x82\x02\x3c"s) +
      random.bytes(540);
  std::string out = "\x30\x82";
  out += static_cast<char>(inner.size() >> 8);
  out += static_cast<char>(inner.size() & 0xff);
  return encode_base64(out + inner);
}

// The outer shape each kind of armour has, so that validators of structure accept it; the rest is noise.
std::string pem(std::string_view label, Random& random) {
  std::string body;
  if (label.find("OPENSSH") != label.npos) {
    using namespace std::string_literals;
    body = "openssh-key-v1\0\0\0\0\4none\0\0\0\4none\0\0\0\0\0\0\0\1"s + random.bytes(300);
  } else if (label.find("PGP") != label.npos) {
    body = "\x95\x03\x98\x04" + random.bytes(400);
  } else {
    // Version 0 begins a plain key, the algorithm's SEQUENCE an encrypted one (RFC 5958 section 3).
    std::string inner = label.find("ENCRYPTED") != label.npos ? "\x30\x1c" : "\x02\x01";
    inner += '\0';
    inner += random.bytes(585);
    body = "\x30\x82";
    body += static_cast<char>(inner.size() >> 8);
    body += static_cast<char>(inner.size() & 0xff);
    body += inner;
  }
  const std::string text = encode_base64(body);
  std::string out = "-----BEGIN " + std::string(label) + "-----\n";
  if (label.find("PGP") != label.npos) out += '\n';
  for (std::size_t i = 0; i < text.size(); i += 64) out += text.substr(i, 64) + "\n";
  return out + "-----END " + std::string(label) + "-----";
}

bool is_token_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// The checksum of the token that ends where `out` ends.
std::optional<std::string> checksum(std::string_view name, std::string_view out) {
  std::size_t begin = out.size();
  while (begin > 0 && is_token_char(out[begin - 1])) --begin;
  const std::string_view token = out.substr(begin);
  if (name == "github-crc32") {
    const std::size_t prefix = token.find('_');
    return crc32_base62(token.substr(prefix == token.npos ? 0 : prefix + 1));
  }
  if (name == "grafana-crc32") return crc32_hex(token.substr(0, token.rfind('_')));
  if (name == "age-bech32") {
    std::string lower(token);
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const std::size_t one = lower.rfind('1');
    if (one == lower.npos) return std::nullopt;
    std::string sum = bech32_checksum(std::string_view(lower).substr(0, one), std::string_view(lower).substr(one + 1));
    for (char& c : sum)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return sum;
  }
  return std::nullopt;
}

// The '>' that closes the form whose '<' is at text[begin], or npos.
std::size_t closing(std::string_view text, std::size_t begin) {
  int depth = 0;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '<') ++depth;
    if (text[i] == '>' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

class Expander {
 public:
  explicit Expander(std::uint64_t seed) : random_(seed) {}

  Result<std::string> expand(std::string_view sample, int depth) {
    if (depth > kMaxDepth) return fail(ErrorCode::config, "sample template is nested too deep");
    std::string out;
    for (std::size_t i = 0; i < sample.size(); ++i) {
      const std::size_t end = sample[i] == '<' ? closing(sample, i) : std::string_view::npos;
      if (end != std::string_view::npos) {
        auto form = expand_form(sample.substr(i + 1, end - i - 1), out, depth);
        if (!form) return fail(form.error().code, form.error().what, form.error().hint);
        if (*form) {
          out += **form;
          i = end;
          continue;
        }
      }
      out += sample[i];
    }
    return out;
  }

 private:
  // What `<form>` stands for after the text `out`; nothing when it is not one of our forms.
  Result<std::optional<std::string>> expand_form(std::string_view form, std::string_view out, int depth) {
    using Text = std::optional<std::string>;
    const std::size_t colon = form.find(':');
    const std::string_view name = form.substr(0, colon);
    const bool bare = colon == std::string_view::npos;
    const std::string_view argument = bare ? std::string_view{} : form.substr(colon + 1);
    if (name == "uuid" && bare) return Text(uuid(random_));
    if (name == "jwt") return Text(jwt(argument, random_));
    if (bare) return Text();
    if (name == "der") return Text(der(argument, random_));
    if (name == "pem") return Text(pem(argument, random_));
    if (name == "b64of") {
      auto inner = expand(argument, depth + 1);
      if (!inner) return fail(inner.error().code, inner.error().what, inner.error().hint);
      return Text(encode_base64(*inner));
    }
    if (name == "sum") {
      if (Text sum = checksum(argument, out)) return sum;
      return fail(ErrorCode::config, "sample template asks for an unknown checksum '" + std::string(argument) + "'",
                  "use github-crc32, grafana-crc32 or age-bech32");
    }
    return expand_random(name, argument);
  }

  Result<std::optional<std::string>> expand_random(std::string_view name, std::string_view argument) {
    const Class* wanted = nullptr;
    for (const Class& c : kClasses)
      if (c.name == name) wanted = &c;
    if (!wanted && name != "b64") return std::optional<std::string>();
    unsigned count = 0;
    const auto [end, error] = std::from_chars(argument.data(), argument.data() + argument.size(), count);
    if (error != std::errc() || end != argument.data() + argument.size() || count < 1 || count > kMaxCount)
      return fail(ErrorCode::config, "sample template: '<" + std::string(name) + ":" + std::string(argument) +
                                         ">' needs a number from 1 to 4096");
    return std::optional<std::string>(wanted ? random_text(*wanted, count, random_)
                                             : encode_base64(random_.bytes(count)));
  }

  Random random_;
};

}  // namespace

Result<std::string> expand_sample(std::string_view sample, std::uint64_t seed) {
  return Expander(seed).expand(sample, 0);
}

}  // namespace launchgate::secrets
