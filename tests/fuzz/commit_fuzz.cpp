// Any bytes as a commit object: its header and its author are read within bounds, and fields are what the bytes say.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "libscan/git/commit_author.hpp"
#include "libscan/git/commit_walk.hpp"

using namespace launchgate::git;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto header = parse_commit(bytes)) {
    if (header->tree.hex().size() != 2 * std::size_t{header->tree.size}) std::abort();
    if (header->parents.size() > size / 48) std::abort();  // "parent ", 40 digits, line end
  }
  const CommitAuthor author = author_of(bytes);
  if (author.name.find('\n') != std::string::npos) std::abort();
  return 0;
}
