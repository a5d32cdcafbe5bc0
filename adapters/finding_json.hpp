// The members of a finding as the command line's contract writes them: jsonl has these, json has these and more.
#pragma once

#include "adapters/json_writer.hpp"
#include "libscan/core/finding.hpp"

namespace launchgate::adapters {

// What is not known is not there.
inline void write_story(JsonWriter& json, const Story& s) {
  json.object();
  if (s.versions > 1) json.member("versions", s.versions);
  if (s.in_head) json.member("in_head", *s.in_head);
  json.member_unless_empty("head_path", s.head_path);
  if (s.ref_count != 0) json.member("refs", s.refs).member("ref_count", s.ref_count);
  if (s.order != 0) json.member("order", s.order);
  if (s.secret) {
    json.key("secret").object().member("first_commit", s.secret->first_commit);
    json.member_unless_empty("first_date", s.secret->first_date).member("last_commit", s.secret->last_commit);
    json.member_unless_empty("last_date", s.secret->last_date).member("commits", s.secret->commits);
    if (s.secret->in_head) json.member("in_head", *s.secret->in_head);
    json.end_object();
  }
  json.end_object();
}

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
  if (f.story) write_story(json.key("history"), *f.story);
}

}  // namespace launchgate::adapters
