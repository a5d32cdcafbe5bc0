// Rows that SQL puts into a table by the names of its columns:
//
//   INSERT INTO users (id, password) VALUES (1, 'x'), (2, 'y');
//   COPY public.users (id, password) FROM stdin;           rows between tabs, to a line of "\.", as pg_dump writes them
#include <optional>

#include "libscan/secrets/readers/read.hpp"
#include "libscan/secrets/value_forms.hpp"

namespace launchgate::secrets::read {
namespace {

class Statement {
 public:
  Statement(std::string_view text, ByteRange heading, std::vector<HeldValue>& out)
      : text_(within_reach(text, heading)), heading_(heading), at_(heading.begin), out_(out) {}

  std::size_t run() {
    const std::size_t most = out_.size() + Reader::kMostValues;
    if (!read_columns()) return heading_.end;
    const bool copy = to_lower(text_[heading_.begin]) == 'c';
    if (!find_rows(copy)) return heading_.end;
    bool closed = false;
    while (!closed && out_.size() < most) closed = copy ? !read_line() : !read_tuple();
    return read_up_to(heading_, std::max(at_, heading_.end), closed);
  }

 private:
  struct Column {
    ByteRange named;
    bool secret, password;
  };

  // The names in the first brackets behind the heading's beginning.
  bool read_columns() {
    at_ = text_.find('(', at_);
    const std::size_t close = text_.find(')', at_);
    if (close == std::string_view::npos) return false;
    for (std::size_t at = at_ + 1; at < close;) {
      const std::size_t end = std::min(close, text_.find(',', at));
      const ByteRange named = trimmed(text_, {at, end}, "\"'`[]");
      const std::string_view name = text_.substr(named.begin, named.end - named.begin);
      columns_.push_back({named, holds_secrets(name), holds_passwords(name)});
      at = end + 1;
    }
    at_ = close + 1;
    return true;
  }

  // Behind "VALUES" the first bracket; behind "FROM stdin;" the end of the line.
  bool find_rows(bool copy) {
    at_ = copy ? text_.find('\n', at_) : text_.find_first_of("(;", at_);
    return at_ != std::string_view::npos && text_[at_] != ';';
  }

  // One line of COPY. False behind the last.
  bool read_line() {
    if (at_ >= text_.size()) return false;
    const std::size_t begin = at_ + 1;
    const std::size_t end = std::min(text_.size(), text_.find('\n', std::min(begin, text_.size())));
    if (begin >= end || text_.substr(begin).starts_with("\\.")) return false;
    std::size_t at = begin;
    for (std::size_t n = 0; n < columns_.size() && at <= end; ++n) {
      const std::size_t cell = std::min(end, text_.find('\t', at));
      take(n, trimmed(text_, {at, cell}, ""));
      at = cell + 1;
    }
    at_ = end;
    return true;
  }

  // One (…) of VALUES. False behind the last.
  bool read_tuple() {
    at_ = text_.find_first_not_of(" \t\r\n,", at_);
    if (at_ == std::string_view::npos || text_[at_] != '(') return at_ = std::min(at_, text_.size()), false;
    ++at_;
    for (std::size_t n = 0; at_ < text_.size();) {
      const char c = text_[at_];
      if (c == '\'') {
        const auto string = read_string();
        if (!string) return false;
        take(n, *string);
      } else if (c == '(') {
        skip_call();
      } else {
        ++at_;
        if (c == ')') return true;
        if (c == ';') return false;
        n += c == ',' ? 1 : 0;
      }
    }
    return false;
  }

  // 'it''s', 'it\'s'
  std::optional<ByteRange> read_string() {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '\'') {
      at_ += text_[at_] == '\\' ? 2 : 1;
      while (text_.substr(std::min(at_, text_.size()), 2) == "''") at_ += 2;
    }
    if (at_ >= text_.size()) return std::nullopt;
    return ByteRange{begin, at_++};
  }

  // What a call is given, MD5('x'), is read as the call's column.
  void skip_call() {
    int depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\'') {
        if (!read_string()) return;
        continue;
      }
      ++at_;
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0) return;
    }
  }

  void take(std::size_t n, ByteRange value) {
    if (n >= columns_.size() || !columns_[n].secret) return;
    if (may_be_secret(text_.substr(value.begin, value.end - value.begin), columns_[n].password))
      out_.push_back({columns_[n].named, value, value});
  }

  std::string_view text_;
  ByteRange heading_;
  std::size_t at_;
  std::vector<Column> columns_;
  std::vector<HeldValue>& out_;
};

}  // namespace

std::size_t columns(std::string_view text, ByteRange heading, ByteRange, std::vector<HeldValue>& out) {
  return Statement(text, heading, out).run();
}

}  // namespace launchgate::secrets::read
