// RFC 4180 with a header, the columns of jsonl. Every field is quoted, none is a formula (adapters/escape.hpp).
#include <fmt/format.h>

#include "adapters/escape.hpp"
#include "adapters/formats.hpp"
#include "adapters/issues.hpp"

namespace launchgate::adapters {
namespace {

constexpr std::string_view kHeader =
    "rule,severity,confidence,path,line,column,end_line,end_column,commit,author,date,url,message,masked,fingerprint,"
    "secret_id,reasons,fix\r\n";

std::string joined(const std::vector<std::string>& reasons) {
  std::string out;
  for (const std::string& r : reasons) out += (out.empty() ? "" : "; ") + r;
  return out;
}

}  // namespace

std::string render_csv(const Report& report, const Verdict*, const RenderOptions&) {
  std::string out(kHeader);
  const Issues issues(report);
  for (const Finding* f : issues.all()) {
    const Span& s = f->where.span;
    out += csv_field(f->rule);
    for (const std::string_view text :
         {to_string(f->severity), to_string(f->confidence), std::string_view(f->where.path)})
      out += "," + csv_field(text);
    out += fmt::format(",{},{},{},{}", s.line, s.column, s.end_line, s.end_column);
    for (const std::string* text : {&f->where.commit, &f->where.author, &f->where.date, &f->where.url, &f->message,
                                    &f->masked, &f->fingerprint, &f->secret_id})
      out += "," + csv_field(*text);
    out += "," + csv_field(joined(f->reasons)) + "," + csv_field(f->fix) + "\r\n";
  }
  return out;
}

}  // namespace launchgate::adapters
