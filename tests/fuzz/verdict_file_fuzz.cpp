// Any bytes as a verdict file: read without a key or refused; with a key never believed, for nobody here signed them.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "libscan/gate/verdict_file.hpp"

using namespace launchgate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (gate::read_verdict_file(text, "a key that nothing here was signed with")) std::abort();
  const auto file = gate::read_verdict_file(text, "");
  if (!file) return 0;
  if (file->is_signed) std::abort();
  const auto again = gate::write_verdict_file(*file, "");  // what was read says the same when written and read again
  if (!again) std::abort();
  const auto twice = gate::read_verdict_file(*again, "");
  if (!twice || twice->verdict.decision != file->verdict.decision || twice->run.release != file->run.release ||
      twice->config_sha256 != file->config_sha256)
    std::abort();
  return 0;
}
