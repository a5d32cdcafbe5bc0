// One text is looked at through several lenses: as it is, percent-decoded, JSON-unescaped, with HTML entities
// resolved. A lens is the decoded bytes plus, for each, where in the text it came from, so that a hit in a decoded
// view masks exactly the encoded bytes. Each lens is linear in the text, and made only when the text holds the
// character that starts its escapes.
#include "libscan/core/secret_set.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace launchgate {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kAnyCaseSize = 8;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool base64_byte(char c) noexcept {
  return kBase64.find(c) != std::string_view::npos || c == '-' || c == '_' || c == '=';
}

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

// The base64 characters that `value` alone decides when it starts `offset` bytes into a group of three.
std::string base64_fragment(std::string_view value, std::size_t offset) {
  const std::size_t first = (8 * offset + 5) / 6, last = 8 * (offset + value.size()) / 6;
  const auto bit = [&](std::size_t at) -> unsigned {
    const auto byte = static_cast<unsigned char>(value[at / 8 - offset]);
    return byte >> (7 - at % 8) & 1U;
  };
  std::string out;
  for (std::size_t i = first; i < last; ++i) {
    unsigned group = 0;
    for (std::size_t b = 6 * i; b < 6 * i + 6; ++b) group = group << 1 | bit(b);
    out += kBase64[group];
  }
  return out;
}

struct Lens {
  std::string bytes;
  std::vector<std::uint32_t> from;  // bytes[i] came from text[from[i] .. from[i + 1])
};

void append_utf8(Lens& lens, std::uint32_t code, std::size_t from) {
  const auto put = [&](std::uint32_t byte) {
    lens.bytes += static_cast<char>(byte);
    lens.from.push_back(static_cast<std::uint32_t>(from));
  };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6), put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  } else if (code < 0x110000) {
    put(0xf0 | code >> 18), put(0x80 | (code >> 12 & 63)), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  }
}

struct Escape {
  std::uint32_t code = 0;
  std::size_t length = 0;  // of the escape in the text; 0 = none starts here
  bool byte = false;       // `code` is a byte, not a code point
};

Escape percent_escape(std::string_view s) noexcept {
  if (s[0] == '+') return {' ', 1, true};
  if (s[0] != '%' || s.size() < 3 || hex_value(s[1]) < 0 || hex_value(s[2]) < 0) return {};
  return {static_cast<std::uint32_t>(hex_value(s[1]) * 16 + hex_value(s[2])), 3, true};
}

bool read_hex4(std::string_view s, std::uint32_t& out) noexcept {
  if (s.size() < 4) return false;
  out = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_value(s[static_cast<std::size_t>(i)]);
    if (digit < 0) return false;
    out = out << 4 | static_cast<std::uint32_t>(digit);
  }
  return true;
}

Escape json_escape(std::string_view s) noexcept {
  if (s[0] != '\\' || s.size() < 2) return {};
  std::uint32_t code = 0, low = 0;
  switch (s[1]) {
    case 'n': return {'\n', 2, true};
    case 't': return {'\t', 2, true};
    case 'r': return {'\r', 2, true};
    case 'b': return {'\b', 2, true};
    case 'f': return {'\f', 2, true};
    case 'x':  // what printable() writes
      if (s.size() >= 4 && hex_value(s[2]) >= 0 && hex_value(s[3]) >= 0)
        return {static_cast<std::uint32_t>(hex_value(s[2]) * 16 + hex_value(s[3])), 4, true};
      return {};
    case 'u':
      if (!read_hex4(s.substr(2), code)) return {};
      if (code >= 0xd800 && code < 0xdc00 && s.size() >= 12 && s[6] == '\\' && s[7] == 'u' &&
          read_hex4(s.substr(8), low) && low >= 0xdc00 && low < 0xe000)
        return {0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00), 12, false};
      return {code, 6, false};
    default: return {static_cast<unsigned char>(s[1]), 2, true};  // \" \\ \/ and shells' \$
  }
}

Escape html_escape(std::string_view s) noexcept {
  if (s[0] != '&') return {};
  const std::size_t end = s.substr(0, 12).find(';');
  if (end == std::string_view::npos || end < 3) return {};
  const std::string_view name = s.substr(1, end - 1);
  if (name[0] == '#') {
    const bool hex = lower(name[1]) == 'x';
    std::uint32_t code = 0;
    for (char c : name.substr(hex ? 2 : 1)) {
      const int digit = hex_value(c);
      if (digit < 0 || (!hex && digit > 9)) return {};
      code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
      if (code > 0x10ffff) return {};
    }
    return {code, end + 1, false};
  }
  static constexpr std::array<std::pair<std::string_view, char>, 5> kNamed = {
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [known, c] : kNamed)
    if (name == known) return {static_cast<unsigned char>(c), end + 1, true};
  return {};
}

Lens make_lens(std::string_view text, Escape (*escape)(std::string_view) noexcept) {
  Lens lens;
  lens.bytes.reserve(text.size());
  lens.from.reserve(text.size() + 1);
  for (std::size_t i = 0; i < text.size();) {
    const Escape e = escape(text.substr(i));
    if (e.length == 0 || e.byte) {
      lens.bytes += e.length == 0 ? text[i] : static_cast<char>(e.code);
      lens.from.push_back(static_cast<std::uint32_t>(i));
    } else {
      append_utf8(lens, e.code, i);
    }
    i += std::max<std::size_t>(1, e.length);
  }
  lens.from.push_back(static_cast<std::uint32_t>(text.size()));
  return lens;
}

constexpr int kLayers = 2;
constexpr std::array<std::pair<const char*, Escape (*)(std::string_view) noexcept>, 3> kLenses = {
    {{"%+", percent_escape}, {"\\", json_escape}, {"&", html_escape}}};

// `to` is called with each range of `text` that equals `needle`; returning false ends the search.
template <class Callback>
bool each(std::string_view text, std::string_view needle, bool any_case, Callback&& to) {
  if (needle.empty() || needle.size() > text.size()) return true;
  if (!any_case) {
    for (std::size_t at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + 1))
      if (!to(ByteRange{at, at + needle.size()})) return false;
    return true;
  }
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  for (auto from = text.begin();; ++from) {
    from = std::search(from, text.end(), needle.begin(), needle.end(), same);
    if (from == text.end()) return true;
    const auto at = static_cast<std::size_t>(from - text.begin());
    if (!to(ByteRange{at, at + needle.size()})) return false;
  }
}

// Headers are ISO 8859-1 to many servers and libraries (RFC 9110 section 5.5). Empty: no such spelling, or the same
// one.
std::string to_latin1(std::string_view utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x80) {
      out += utf8[i];
    } else if ((byte == 0xc2 || byte == 0xc3) && i + 1 < utf8.size()) {
      out += static_cast<char>((byte & 3) << 6 | (static_cast<unsigned char>(utf8[++i]) & 0x3f));
    } else {
      return "";
    }
  }
  return out == utf8 ? "" : out;
}

// A fragment of base64 leaves up to four bits of the value in the character on each side: they go too.
ByteRange widen_base64(std::string_view text, ByteRange r) noexcept {
  if (r.begin > 0 && base64_byte(text[r.begin - 1])) --r.begin;
  if (r.end < text.size() && base64_byte(text[r.end])) ++r.end;
  return r;
}

}  // namespace

bool SecretSet::add(std::string label, std::string value) {
  if (value.size() < kMinSize) return false;
  for (const Secret& s : secrets_)
    if (s.value == value) return true;
  Secret s{std::move(label), std::move(value), {}, {}, {}};
  s.latin1 = to_latin1(s.value);
  if (s.value.size() >= kMinEncodedSize) {
    s.hex = to_hex(s.value);
    for (std::size_t offset = 0; offset < 3; ++offset) {
      std::string fragment = base64_fragment(s.value, offset);
      std::string url_alphabet = fragment;
      std::replace(url_alphabet.begin(), url_alphabet.end(), '+', '-');
      std::replace(url_alphabet.begin(), url_alphabet.end(), '/', '_');
      if (url_alphabet != fragment) s.needles.push_back(std::move(url_alphabet));
      s.needles.push_back(std::move(fragment));
    }
  }
  secrets_.push_back(std::move(s));
  return true;
}

std::vector<SecretSet::Hit> SecretSet::find(std::string_view text, bool first_only) const {
  std::vector<Hit> hits;
  const auto look = [&](std::string_view view, const Lens* lens) {
    for (const Secret& s : secrets_) {
      const auto note = [&](ByteRange r) {
        if (lens != nullptr) r = {lens->from[r.begin], lens->from[r.end]};
        hits.push_back({r, &s});
        return !first_only;
      };
      const auto note_base64 = [&](ByteRange r) { return note(widen_base64(view, r)); };
      if (!each(view, s.value, s.value.size() >= kAnyCaseSize, note)) return;
      if (!each(view, s.latin1, false, note)) return;
      if (!each(view, s.hex, true, note)) return;
      for (const std::string& needle : s.needles)
        if (!each(view, needle, false, note_base64)) return;
    }
  };
  // What was escaped is often escaped once more on the way: JSON in a string of JSON, a query in a page.
  const auto look_through = [&](const auto& self, std::string_view view, const Lens* outer, int layers) -> void {
    look(view, outer);
    for (const auto& [starts, escape] : kLenses) {
      if (layers == 0 || (first_only && !hits.empty())) return;
      if (view.find_first_of(starts) == std::string_view::npos) continue;
      Lens lens = make_lens(view, escape);
      if (lens.bytes == view) continue;
      if (outer != nullptr)
        for (std::uint32_t& at : lens.from) at = outer->from[at];
      self(self, lens.bytes, &lens, layers - 1);
    }
  };
  look_through(look_through, text, nullptr, kLayers);
  return hits;
}

bool SecretSet::leaks(std::string_view text) const { return !secrets_.empty() && !find(text, true).empty(); }

std::string SecretSet::mask(std::string_view text) const {
  if (secrets_.empty()) return std::string(text);
  std::vector<Hit> hits = find(text, false);
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return a.range.begin != b.range.begin ? a.range.begin < b.range.begin : a.range.end > b.range.end;
  });
  std::string out;
  std::size_t done = 0;
  for (const Hit& hit : hits) {
    if (hit.range.begin >= done) {
      out.append(text.substr(done, hit.range.begin - done));
      out += "[" + hit.secret->label + "]";
    }
    done = std::max(done, hit.range.end);
  }
  return out.append(text.substr(done));
}

}  // namespace launchgate
