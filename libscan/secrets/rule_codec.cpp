// One `fields` function per type lists its members once; the same list drives writing and reading, so the two
// cannot drift apart.
#include "libscan/secrets/rule_codec.hpp"

#include <algorithm>
#include <bit>
#include <type_traits>

namespace launchgate::secrets {
namespace {

constexpr std::string_view kMagic = "LGR3" LG_VERSION;

struct Encode {
  ByteWriter out;

  void field(const std::string& s) { out.string(s); }
  void field(bool b) { out.number(b ? 1 : 0, 1); }
  void field(std::uint32_t n) { out.number(n); }
  void field(double d) { out.number(std::bit_cast<std::uint64_t>(d), 8); }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void field(Enum e) { out.number(static_cast<std::uint64_t>(e), 1); }
  void field(const std::optional<std::uint32_t>& n) {
    field(n.has_value());
    field(n.value_or(0));
  }
  template <class T>
  void field(const std::vector<T>& all) {
    out.number(all.size());
    for (const T& one : all) item(one);
  }
  void item(const std::string& s) { field(s); }
  template <class T>
  void item(const T& value);
};

struct Decode {
  ByteReader in;

  void field(std::string& s) { s = std::string(in.string()); }
  void field(bool& b) { b = in.number(1) != 0; }
  void field(std::uint32_t& n) { n = static_cast<std::uint32_t>(in.number()); }
  void field(double& d) { d = std::bit_cast<double>(in.number(8)); }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void field(Enum& e) {
    e = static_cast<Enum>(std::min<std::uint64_t>(in.number(1), 2));  // every enum here has three values
  }
  void field(std::optional<std::uint32_t>& n) {
    bool present = false;
    std::uint32_t value = 0;
    field(present);
    field(value);
    if (present) n = value;
  }
  template <class T>
  void field(std::vector<T>& all) {
    all.resize(in.count());
    for (T& one : all) item(one);
  }
  void item(std::string& s) { field(s); }
  template <class T>
  void item(T& value);
};

template <class Codec, class P>
requires std::is_same_v<std::remove_const_t<P>, Pattern>
void fields(Codec& c, P& p) { c.field(p.text), c.field(p.where); }

template <class Codec, class A>
requires std::is_same_v<std::remove_const_t<A>, Allowlist>
void fields(Codec& c, A& a) {
  c.field(a.description), c.field(a.all), c.field(a.commits), c.field(a.paths), c.field(a.target);
  c.field(a.regexes), c.field(a.stopwords), c.field(a.target_rules);
}

template <class Codec, class R>
requires std::is_same_v<std::remove_const_t<R>, Required>
void fields(Codec& c, R& r) { c.field(r.rule), c.field(r.within_lines), c.field(r.within_columns); }

template <class Codec, class R>
requires std::is_same_v<std::remove_const_t<R>, Rule>
void fields(Codec& c, R& r) {
  c.field(r.id), c.field(r.description), c.field(r.regex), c.field(r.path), c.field(r.regex_where);
  c.field(r.path_where), c.field(r.secret_group), c.field(r.entropy), c.field(r.keywords), c.field(r.tags);
  c.field(r.allowlists), c.field(r.required), c.field(r.skip_report), c.field(r.severity), c.field(r.confidence);
  c.field(r.why), c.field(r.fix), c.field(r.url), c.field(r.validator), c.field(r.judge_value), c.field(r.binary);
  c.field(r.names), c.field(r.reader);
}

template <class T>
void Encode::item(const T& value) {
  fields(*this, value);
}
template <class T>
void Decode::item(T& value) {
  fields(*this, value);
}

}  // namespace

std::string encode_rules(const RuleSet& set) {
  Encode e;
  e.out.string(kMagic);
  e.field(set.title), e.field(set.rules), e.field(set.allowlists);
  return e.out.take();
}

Result<RuleSet> decode_rules(std::string_view bytes) {
  Decode d{ByteReader(bytes)};
  RuleSet set;
  if (d.in.string() == kMagic) {
    d.field(set.title), d.field(set.rules), d.field(set.allowlists);
    if (d.in.ok() && d.in.rest().empty()) return set;
  }
  return fail(ErrorCode::internal, "stored rules are damaged or of another version of launchgate");
}

void ByteWriter::number(std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out_.push_back(static_cast<char>(value >> (8 * i)));
}

void ByteWriter::string(std::string_view s) {
  number(s.size());
  out_.append(s);
}

std::uint64_t ByteReader::number(int bytes) {
  if (left_.size() < static_cast<std::size_t>(bytes)) {
    ok_ = false;
    left_ = {};
    return 0;
  }
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= std::uint64_t{static_cast<unsigned char>(left_[i])} << (8 * i);
  left_.remove_prefix(static_cast<std::size_t>(bytes));
  return value;
}

std::string_view ByteReader::string() {
  const std::size_t size = count();
  const std::string_view s = left_.substr(0, size);
  left_.remove_prefix(size);
  return s;
}

std::size_t ByteReader::count(std::size_t item_size) {
  const std::uint64_t n = number();
  if (n > left_.size() / item_size) {
    ok_ = false;
    left_ = {};
    return 0;
  }
  return static_cast<std::size_t>(n);
}

}  // namespace launchgate::secrets
