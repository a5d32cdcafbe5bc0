#include "libscan/secrets/builtin_rules.hpp"

#include <cstdlib>

#include "libscan/secrets/flat_bytes.hpp"
#include "libscan/secrets/rule_codec.hpp"

// LG_BUILTIN_RULES is the path of what lg_rulec wrote. Read-only data, mapped and not copied at start.
__asm__(
    ".section .rodata\n"
    ".balign 64\n"
    "lg_builtin_rules_begin: .incbin \"" LG_BUILTIN_RULES
    "\"\n"
    "lg_builtin_rules_end: .byte 0\n"
    ".previous\n");

extern "C" const char lg_builtin_rules_begin[];
extern "C" const char lg_builtin_rules_end[];

namespace launchgate::secrets {
namespace {

struct Embedded {
  std::string_view rules;
  std::string_view prepared;
  std::string_view identity;
};

Embedded embedded() {
  FlatReader in({lg_builtin_rules_begin, static_cast<std::size_t>(lg_builtin_rules_end - lg_builtin_rules_begin)});
  Embedded e;
  e.rules = in.bytes();
  e.prepared = in.bytes();
  e.identity = in.bytes();
  return e;
}

RuleSet load() {
  auto rules = decode_rules(embedded().rules);
  if (!rules) std::abort();  // the build wrote it a moment ago: only a broken binary gets here
  return std::move(*rules);
}

}  // namespace

const RuleSet& builtin_rules() {
  static const RuleSet rules = load();
  return rules;
}

std::string_view builtin_identity() { return embedded().identity; }

Result<Matcher> builtin_matcher() { return Matcher::create_embedded(load, embedded().prepared); }

}  // namespace launchgate::secrets
