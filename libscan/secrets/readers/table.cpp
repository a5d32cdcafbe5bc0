// Tables with a heading: CSV (RFC 4180, and with the separators that spreadsheets of other countries write) and
// Markdown (GitHub Flavored Markdown, section 4.10).
#include "libscan/secrets/readers/read.hpp"
#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_program.hpp"

namespace launchgate::secrets::read {
namespace {

// A column that holds secrets.
struct Column {
  std::size_t number;
  ByteRange named;
  bool password;
};

std::string_view part(std::string_view text, ByteRange r) { return text.substr(r.begin, r.end - r.begin); }

std::vector<Column> secret_columns(std::string_view text, const std::vector<ByteRange>& heading) {
  std::vector<Column> out;
  for (std::size_t i = 0; i < heading.size(); ++i)
    if (const std::string_view name = part(text, heading[i]); holds_secrets(name))
      out.push_back({i, heading[i], holds_passwords(name)});
  return out;
}

void take(std::string_view text, const std::vector<Column>& columns, const std::vector<ByteRange>& cells,
          std::vector<HeldValue>& out) {
  for (const Column& column : columns) {
    if (column.number >= cells.size()) continue;
    const ByteRange cell = cells[column.number];
    const std::string_view value = part(text, cell);
    // Words of such a column are rules and notes: "required", "see vault".
    if (has_digit(value) && may_be_secret(value, column.password)) out.push_back({column.named, cell, cell});
  }
}

// Takes the cells of the lines from `at` on, until split(line) gives none. Returns where it stopped.
template <class Split>
std::size_t take_rows(std::string_view text, ByteRange heading, std::size_t at, const std::vector<Column>& columns,
                      Split split, std::vector<HeldValue>& out) {
  const std::size_t most = out.size() + Reader::kMostValues;
  bool closed = false;
  while (at < text.size() && out.size() < most) {
    const std::size_t end = std::min(text.size(), text.find('\n', at));
    const std::vector<ByteRange> cells = split(ByteRange{at, end});
    closed = cells.empty();
    if (closed) break;
    take(text, columns, cells, out);
    at = std::min(text.size(), end + 1);
  }
  return read_up_to(heading, std::max(at, heading.end), closed || at == text.size());
}

// ---- CSV ----

// The fields of a line. One that begins with a quote ends with a quote; a quote inside stands there twice.
std::vector<ByteRange> fields(std::string_view text, ByteRange line, char separator) {
  std::vector<ByteRange> out;
  for (std::size_t at = line.begin; at <= line.end;) {
    std::size_t end = at;
    if (at < line.end && text[at] == '"') {
      ++end;
      while (end < line.end && (text[end] != '"' || text.substr(end, 2) == "\"\"")) end += text[end] == '"' ? 2 : 1;
    }
    end = std::min(line.end, text.find(separator, std::min(end, line.end)));
    out.push_back(trimmed(text, {at, end}, "\""));
    at = end + 1;
  }
  return out;
}

// ---- Markdown ----

bool is_rule(std::string_view line) {
  return line.find("--") != line.npos && line.find_first_not_of(" \t\r|:-") == line.npos;
}

// The cells of a line: between bars, of which the first and the last may be left out. None when it is no row.
std::vector<ByteRange> cells(std::string_view text, ByteRange line) {
  std::vector<ByteRange> out;
  line = trimmed(text, line, "");
  if (part(text, line).find('|') == std::string_view::npos) return out;
  for (std::size_t at = line.begin + (text[line.begin] == '|' ? 1 : 0); at < line.end;) {
    const std::size_t end = std::min(line.end, text.find('|', at));
    out.push_back(trimmed(text, {at, end}, "`*"));
    at = end + 1;
  }
  return out;
}

}  // namespace

// The expression says where a heading may stand: on the first line of a file, since a row may hold a column's name.
std::size_t delimited_table(std::string_view text, ByteRange heading, ByteRange named, std::vector<HeldValue>& out) {
  if (!sees_line_start(text, named.begin)) return heading.end;
  text = within_reach(text, heading);
  const std::size_t first = line_start(text, named.begin);
  const std::size_t end = std::min(text.size(), text.find('\n', named.end));
  const std::size_t sign = text.find_first_of(",;\t|", first);
  if (sign >= end) return heading.end;
  const char separator = text[sign];
  const auto split = [&](ByteRange line) { return fields(text, line, separator); };
  const std::vector<Column> columns = secret_columns(text, split({first, end}));
  return take_rows(text, heading, std::min(text.size(), end + 1), columns, split, out);
}

std::size_t markdown_table(std::string_view text, ByteRange heading, ByteRange named, std::vector<HeldValue>& out) {
  if (!sees_line_start(text, named.begin)) return heading.end;
  text = within_reach(text, heading);
  const std::size_t end = std::min(text.size(), text.find('\n', named.end));
  if (end == text.size()) return heading.end;
  const std::size_t rule_end = std::min(text.size(), text.find('\n', end + 1));
  if (!is_rule(text.substr(end + 1, rule_end - end - 1))) return heading.end;
  const auto split = [&](ByteRange line) { return cells(text, line); };
  const std::vector<Column> columns = secret_columns(text, split({line_start(text, named.begin), end}));
  return take_rows(text, heading, std::min(text.size(), rule_end + 1), columns, split, out);
}

}  // namespace launchgate::secrets::read
