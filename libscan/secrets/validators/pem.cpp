// Armoured private keys: does the body decode to what the label promises? Bodies stand in source code with "\n"
// escapes, quotes, plus signs and indentation between the lines, so those are dropped first. A body that was cut
// short with dots, as documentation does, decodes to nothing and is no key.
#include <algorithm>
#include <cstdint>
#include <string>

#include "libscan/secrets/encoding.hpp"
#include "libscan/secrets/validators/checks.hpp"
#include "libscan/secrets/value_judge.hpp"

namespace launchgate::secrets::check {
namespace {

constexpr Validation kNo{false, {}};
constexpr std::size_t kHeadBytes = 256;  // enough to see the outer structure

enum class Body { none, plain, encrypted };

bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

struct Armour {
  std::string_view label;
  std::string_view text;  // between the BEGIN and the END line
  bool open = false;      // no END line: the match was cut where the rule's reach ends, or the text ends there
};

Armour open_armour(std::string_view match) {
  Armour a;
  const std::size_t begin = match.find("BEGIN ");
  if (begin == match.npos) return a;
  const std::size_t label_end = match.find("-----", begin);
  if (label_end == match.npos) return a;
  a.label = match.substr(begin + 6, label_end - begin - 6);
  a.text = match.substr(label_end + 5);
  const std::size_t end = a.text.find("-----");
  a.open = end == a.text.npos;
  a.text = a.text.substr(0, end);
  return a;
}

// '+' joins strings in most languages: it stands behind a quote, and before another or the end of the line. What stands
// between a quote and more base64 is the first character of a line.
bool joins_strings(std::string_view behind_quote) {
  const auto skip_blanks = [&] {
    behind_quote.remove_prefix(std::min(behind_quote.find_first_not_of(" \t"), behind_quote.size()));
  };
  skip_blanks();
  if (!behind_quote.starts_with('+')) return false;
  behind_quote.remove_prefix(1);
  skip_blanks();
  return behind_quote.empty() || !is_base64(behind_quote.front());
}

// The base64 characters of the body: escapes and everything a language puts around a line are dropped.
// Header lines ("Proc-Type: 4,ENCRYPTED", "Comment: x") end at a line break, real or escaped, and hold a colon; a word
// behind the label ("-----BEGIN PRIVATE KEY----- fake") is none of the body either.
std::string body_of(std::string_view text) {
  std::string out;
  std::size_t line_begin = 0;
  constexpr std::size_t kWord = 16;
  bool header = false, first = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool escaped_break = c == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 'r');
    if (c == '\n' || escaped_break) {
      if (header || (first && out.size() < kWord)) out.resize(line_begin);
      header = first = false;
      i += escaped_break;
      line_begin = out.size();
    } else if (c == ':') {
      header = true;
    } else if (is_base64(c)) {
      out += c;
    }
    if ((c == '"' || c == '\'') && joins_strings(text.substr(i + 1))) i = text.find('+', i);
  }
  if (header) out.resize(line_begin);
  return out;
}

// DER: SEQUENCE (0x30) with a length that fits what is there. PKCS #8 EncryptedPrivateKeyInfo (RFC 5208) begins
// with another SEQUENCE, a plain key with INTEGER version.
Body judge_der(std::string_view head, std::size_t total) {
  if (head.size() < 16 || head[0] != '\x30') return Body::none;
  std::size_t at = 2;
  std::size_t length = static_cast<std::uint8_t>(head[1]);
  if (length >= 0x80) {
    const std::size_t bytes = length & 0x7f;
    if (bytes == 0 || bytes > 3) return Body::none;
    length = 0;
    for (std::size_t i = 0; i < bytes; ++i) length = length << 8 | static_cast<std::uint8_t>(head[2 + i]);
    at += bytes;
  }
  // Some keys in the wild lost or gained a few characters; a cut example lost most of them.
  if (at + length > total + 4 || total > at + length + 16) return Body::none;
  if (head[at] == '\x02') return Body::plain;
  return head[at] == '\x30' ? Body::encrypted : Body::none;
}

Body judge_openssh(std::string_view head) {
  using namespace std::string_view_literals;
  constexpr auto kMagic = "openssh-key-v1\0"sv;  // PROTOCOL.key of OpenSSH
  if (!head.starts_with(kMagic)) return Body::none;
  return head.substr(kMagic.size()).starts_with("\0\0\0\4none"sv) ? Body::plain : Body::encrypted;
}

Body judge_body(std::string_view match) {
  const Armour a = open_armour(match);
  const std::string text = body_of(a.text);
  if (text.size() < 40) return Body::none;
  const std::string head = decode_base64(std::string_view(text).substr(0, kHeadBytes));
  if (head.empty()) return Body::none;
  if (a.label.find("OPENSSH") != a.label.npos) return judge_openssh(head);
  if (a.label.find("PGP") != a.label.npos) return static_cast<std::uint8_t>(head[0]) & 0x80 ? Body::plain : Body::none;
  if (a.label.find("SSH2") != a.label.npos) return Body::plain;
  if (a.text.find("ENCRYPTED") != a.text.npos) return Body::encrypted;  // RFC 1421 Proc-Type
  if (a.label.find("ENCRYPTED") != a.label.npos)
    return judge_der(head, text.size() * 3 / 4) == Body::encrypted ? Body::encrypted : Body::none;
  return judge_der(head, text.size() * 3 / 4);
}

// A whole block, as long as a key and as random: one that was damaged or made up, or that only looks so to us.
bool may_be_key(std::string_view match) {
  constexpr std::size_t kShortest = 200;  // of EC: 224
  constexpr double kLeastEntropy = 5.2;   // of random base64 of that length: 5.7
  const Armour a = open_armour(match);
  const std::string text = body_of(a.text);
  return !a.open && a.label.ends_with("PRIVATE KEY") && text.size() >= kShortest &&
         shannon_entropy(text) >= kLeastEntropy;
}

}  // namespace

Validation pem_body(std::string_view, std::string_view match) {
  // https://github.com/hashicorp/vagrant/tree/main/keys: made to be known, and replaced at the first start of a box.
  constexpr std::string_view kOfVagrant = "6NF8iallvQVp22WDkTky";
  const Body body = judge_body(match);
  if (body == Body::none && may_be_key(match))
    return {true, "a whole block, and its body is none of a key: damaged, or made up", Doubt::unproven};
  if (body != Body::plain) return kNo;
  if (match.find(kOfVagrant) != match.npos)
    return {true, "Vagrant's insecure key, which everybody has", Doubt::published};
  return {true, "body decodes to a private key", Doubt::session};
}

Validation pem_encrypted(std::string_view, std::string_view match) {
  return judge_body(match) == Body::encrypted
             ? Validation{true, "body decodes to an encrypted private key", Doubt::session}
             : kNo;
}

// SEQUENCE { INTEGER 0, … }: what follows the version tells a key from the other structures that begin so.
Validation der_private_key(std::string_view secret, std::string_view) {
  using namespace std::string_view_literals;
  const std::string head = decode_base64(secret.substr(0, 64));
  const std::string_view all = head;
  if (all.size() < 24 || !all.starts_with("\x30\x82"sv) || all.substr(4, 3) != "\x02\x01\0"sv) return kNo;
  const std::string_view rest = all.substr(7);
  const bool pkcs1 = rest.starts_with("\x02\x82"sv) || rest.starts_with("\x02\x81"sv) || rest.starts_with("\x02\x41"sv);
  const bool pkcs8 = rest.starts_with("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01"sv) ||  // RSA
                     rest.starts_with("\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"sv);        // EC
  return pkcs1 || pkcs8 ? Validation{true, "decodes to a private key", Doubt::session} : kNo;
}

// The armour itself encoded once more, as kubeconfig files carry it.
Validation pem_base64(std::string_view secret, std::string_view) {
  return judge_body(decode_base64(secret)) == Body::none
             ? kNo
             : Validation{true, "decodes to an armoured private key", Doubt::session};
}

}  // namespace launchgate::secrets::check
