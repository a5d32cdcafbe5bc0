// The members of a finding as the command line's contract writes them: jsonl has these, json has these and more.
#pragma once

#include "adapters/json_writer.hpp"
#include "libscan/core/finding.hpp"

namespace launchgate::adapters {

inline void write_finding_members(JsonWriter& json, const Finding& f) {
  json.member("rule", f.rule).member("severity", to_string(f.severity)).member("confidence", to_string(f.confidence));
  json.member("path", f.where.path);
  json.member("line", f.where.span.line).member("column", f.where.span.column);
  json.member("end_line", f.where.span.end_line).member("end_column", f.where.span.end_column);
  json.member_unless_empty("commit", f.where.commit).member_unless_empty("author", f.where.author);
  json.member_unless_empty("date", f.where.date).member_unless_empty("url", f.where.url);
  json.member("message", f.message).member("masked", f.masked);
  json.member("fingerprint", f.fingerprint).member("secret_id", f.secret_id);
  json.member("reasons", f.reasons).member("fix", f.fix);
}

}  // namespace launchgate::adapters
