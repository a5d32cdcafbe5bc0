// Any bytes as a dotenv file: every entry is a view into the text, in rising order, with the line it says; and no
// judgement shows a value.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "libscan/secrets/dotenv.hpp"
#include "libscan/secrets/dotenv_judge.hpp"

using namespace launchgate::secrets;

namespace {

bool inside(std::string_view part, std::string_view text) {
  return part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  DotenvReader reader(text);
  DotenvEntry e;
  std::size_t from = 0;
  while (reader.next(e)) {
    if (!inside(e.key, text) || !inside(e.value, text) || !inside(e.before_hash, text) || e.key.empty()) std::abort();
    if (e.offset < from || text.compare(e.offset, e.key.size(), e.key) != 0) std::abort();
    if (e.line != 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(e.offset), '\n'))
      std::abort();
    from = e.offset + e.key.size();
  }
  for (const char* path : {".env", ".env.example", "x.env"}) {
    const auto x = judge_dotenv(path, text);
    if (x && (x->line == 0 || x->column == 0 || x->end_column <= x->column || x->message.size() > 2000)) std::abort();
  }
  return 0;
}
