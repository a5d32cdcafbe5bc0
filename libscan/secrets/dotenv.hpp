// Dotenv files: which names are of the family, and what stands in one.
//
// There is no one grammar. The reader takes what any of the usual programs would take (the JavaScript, Python and
// Ruby libraries, compose, `docker run --env-file`), and where they read different values out of one line it gives
// the candidates, so that a secret in the eyes of any of them is seen (docs/dotenv.md).
//
// Nothing here allocates: an entry is views into the text. Cost: linear in the text whatever stands in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace launchgate::secrets {

// What a path promises. Only the last component counts, but for a few tools that keep theirs in a folder.
enum class DotenvName {
  none,
  real,    // .env, .env.production, prod.env, .envrc, .env.bak, …: holds what the program runs with
  sample,  // .env.example, .env.test, example.env, …: made to be committed, with stand-ins for values
  keys,    // .env.keys, .env.me: the keys that open encrypted files
};
DotenvName dotenv_name(std::string_view path) noexcept;

// Does the name alone say so (".env…"), or could it be another kind of file ("prod.env", "environment")?
bool is_plain_dotenv_name(std::string_view path) noexcept;

struct DotenvEntry {
  std::string_view key;
  std::string_view value;  // without quotes, spaces around it, and a comment behind it; escapes as written
  // Unquoted values only: some dialects begin a comment at any '#', so the value may end there. Else the same.
  std::string_view before_hash;
  std::size_t offset = 0;  // of the key in the text
  std::uint32_t line = 0;  // of the key, 1-based
  bool commented = false;  // "# KEY=value": switched off, still there to be read
  char quote = 0;          // ' " ` or 0
};

class DotenvReader {
 public:
  // `text` must outlive the reader and its entries. A byte order mark is skipped.
  explicit DotenvReader(std::string_view text) noexcept;

  bool next(DotenvEntry& entry) noexcept;
  // Lines seen so far that are neither assignment, comment, blank nor a bare name: a dotenv file has next to none.
  std::size_t junk_lines() const noexcept { return junk_; }

 private:
  bool read_line(std::string_view line, DotenvEntry& entry) noexcept;
  bool read_value(std::string_view line, std::size_t at, DotenvEntry& entry) noexcept;
  bool read_quoted(std::size_t open, std::size_t limit, DotenvEntry& entry) noexcept;
  void skip_to(std::size_t end) noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::size_t junk_ = 0;
  bool unclosed_[3] = {};  // kinds of quote of which no closing one is left
};

}  // namespace launchgate::secrets
