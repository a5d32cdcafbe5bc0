#include "libscan/secrets/readers.hpp"

#include "libscan/secrets/readers/read.hpp"

namespace launchgate::secrets {
namespace {

constexpr Reader kReaders[] = {
    {"block", "the values of a mapping or a list: in brackets, by indentation, of a section, or on one line",
     read::block},
    {"columns", "the values of an INSERT or a COPY whose columns are named for secrets", read::columns},
    {"delimited-table", "the cells of CSV and TSV in columns that are named for secrets (RFC 4180)",
     read::delimited_table},
    {"markdown-table", "the cells of a Markdown table in columns that are named for secrets", read::markdown_table},
};

}  // namespace

std::span<const Reader> readers() noexcept { return kReaders; }

const Reader* find_reader(std::string_view name) noexcept {
  for (const Reader& r : kReaders)
    if (r.name == name) return &r;
  return nullptr;
}

}  // namespace launchgate::secrets
