#include "libscan/secrets/blob_scanner.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "libscan/core/line_hash.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::secrets {
namespace {

// GitHub hashes the file in the work tree, so findings in commits and pages have no such value. A finding about a file
// as a whole is shown at its first line.
void add_line_hashes(std::string_view bytes, std::span<Finding> findings) {
  std::vector<std::uint32_t> lines;
  for (const Finding& f : findings) lines.push_back(std::max(1U, f.where.span.line));
  std::vector<std::uint32_t> sorted = lines;
  std::sort(sorted.begin(), sorted.end());
  const std::vector<std::string> hashes = github_line_hashes(bytes, sorted);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), lines[i]) - sorted.begin();
    findings[i].line_hash = hashes[static_cast<std::size_t>(at)];
  }
}

}  // namespace

BlobScanner::BlobScanner(const Matcher& matcher, BlobOptions options, Matcher::ScratchPtr scratch)
    : matcher_(&matcher), options_(std::move(options)), scratch_(std::move(scratch)) {}

Result<BlobScanner> BlobScanner::create(const Matcher& matcher, BlobOptions options) {
  auto scratch = matcher.scratch();
  if (!scratch) return Unexpected{scratch.error()};
  return BlobScanner(matcher, std::move(options), std::move(*scratch));
}

BlobKind BlobScanner::scan(std::string_view bytes, const Location& where, std::vector<Finding>& out) {
  return scan_whole(bytes, where, nullptr, out);
}

BlobKind BlobScanner::scan(std::string_view bytes, const Location& where, const std::vector<Match>& confirmed,
                           std::vector<Finding>& out) {
  return scan_whole(bytes, where, &confirmed, out);
}

BlobKind BlobScanner::scan_whole(std::string_view bytes, const Location& where, const std::vector<Match>* confirmed,
                                 std::vector<Finding>& out) {
  origin_ = {where};
  const std::string_view whole = bytes;
  const std::size_t first = out.size();
  encoding_ = detect_encoding(bytes.substr(0, kBinaryProbe));
  scan_path(where, out);
  bytes.remove_prefix(bom_size(bytes));
  if (bytes.size() != whole.size()) confirmed = nullptr;
  if (encoding_ == Encoding::utf16_le || encoding_ == Encoding::utf16_be) {
    decoded_.clear();
    append_utf8_of_utf16(bytes, encoding_ == Encoding::utf16_be, decoded_);
    bytes = decoded_;
    confirmed = nullptr;
  }
  scan_dotenv(bytes, out);
  scan_text(bytes, {0, bytes.size() + 1}, out, confirmed);
  if (out.size() > first && where.commit.empty() && where.url.empty())
    add_line_hashes(whole, std::span(out).subspan(first));
  return encoding_ == Encoding::binary ? BlobKind::binary : BlobKind::text;
}

void BlobScanner::scan_path(const Location& where, std::vector<Finding>& out) {
  path_rules_.clear();
  matcher_->match_path({where.path, where.commit, false}, *scratch_, path_rules_);
  dotenv_rule_ = nullptr;
  for (const std::uint32_t i : path_rules_) {
    const Rule& rule = matcher_->rules().rules[i];
    if (rule.id == kDotenvRule)
      dotenv_rule_ = &rule;  // the name alone is no finding
    else if (!rule.skip_report)
      out.push_back(build_path_finding(rule, origin_, options_.id_key));
  }
}

void BlobScanner::scan_dotenv(std::string_view text, std::vector<Finding>& out) {
  if (dotenv_rule_ == nullptr || encoding_ == Encoding::binary) return;
  if (const auto exposure = judge_dotenv(origin_.where.path, text))
    out.push_back(build_dotenv_finding(text, *exposure, *dotenv_rule_, origin_, options_.id_key));
}

// Reports the matches that begin inside `accept`; what lies outside serves as context.
void BlobScanner::scan_text(std::string_view text, ByteRange accept, std::vector<Finding>& out,
                            const std::vector<Match>* confirmed) {
  const BlobName name{origin_.where.path, origin_.where.commit, encoding_ == Encoding::binary};
  if (confirmed != nullptr) {
    matches_ = *confirmed;
    if (!matches_.empty()) matcher_->filter(text, name, *scratch_, matches_);
  } else {
    matcher_->scan(text, name, *scratch_, matches_);
  }
  std::erase_if(matches_, [&](const Match& m) { return m.whole.begin < accept.begin || m.whole.begin >= accept.end; });
  if (!matches_.empty()) build_findings(text, matches_, matcher_->rules(), origin_, options_, out);
}

void BlobScanner::begin(const Location& where) {
  origin_ = {where};
  decoded_.clear();
  undecided_head_.clear();
  encoding_ = Encoding::bytes;
  encoding_known_ = path_scanned_ = has_odd_byte_ = false;
  accept_from_ = 0;
}

void BlobScanner::append_decoded(std::string_view bytes) {
  if (encoding_ != Encoding::utf16_le && encoding_ != Encoding::utf16_be) {
    decoded_.append(bytes);
    return;
  }
  const bool big_endian = encoding_ == Encoding::utf16_be;
  if (has_odd_byte_ && !bytes.empty()) {
    const char unit[2] = {odd_byte_, bytes.front()};
    append_utf8_of_utf16({unit, 2}, big_endian, decoded_);
    bytes.remove_prefix(1);
    has_odd_byte_ = false;
  }
  append_utf8_of_utf16(bytes, big_endian, decoded_);
  if (bytes.size() % 2 != 0) odd_byte_ = bytes.back(), has_odd_byte_ = true;
}

void BlobScanner::feed(std::string_view bytes, std::vector<Finding>& out) {
  if (!path_scanned_) {
    scan_path(origin_.where, out);
    path_scanned_ = true;
  }
  if (!encoding_known_) {
    std::string head;
    if (!undecided_head_.empty() || bytes.size() < kBinaryProbe) {  // comes in small pieces
      undecided_head_.append(bytes);
      if (undecided_head_.size() < kBinaryProbe) return;
      head = std::exchange(undecided_head_, {});
      bytes = head;
    }
    encoding_ = detect_encoding(bytes);
    encoding_known_ = true;
    return feed(bytes.substr(bom_size(bytes)), out);
  }
  while (!bytes.empty()) {
    const std::size_t room = kWindow + 2 * kOverlap - std::min(decoded_.size(), kWindow + kOverlap);
    const std::string_view piece = bytes.substr(0, room);
    append_decoded(piece);
    bytes.remove_prefix(piece.size());
    if (decoded_.size() >= kWindow + kOverlap) scan_window(false, out);
  }
}

BlobKind BlobScanner::finish(std::vector<Finding>& out) {
  if (!encoding_known_) {
    if (!path_scanned_) scan_path(origin_.where, out);
    encoding_ = detect_encoding(undecided_head_);
    append_decoded(std::string_view(undecided_head_).substr(bom_size(undecided_head_)));
  }
  scan_window(true, out);
  return encoding_ == Encoding::binary ? BlobKind::binary : BlobKind::text;
}

// Scans the window, then keeps its last 2 * kOverlap bytes: the first half as context, the second because
// matches that begin there may go on beyond what has been read.
void BlobScanner::scan_window(bool last, std::vector<Finding>& out) {
  // A dotenv file that is longer than a window is judged by its beginning.
  const bool first = origin_.line == 1 && origin_.column == 1 && accept_from_ == 0;
  if (first) scan_dotenv(decoded_, out);
  const std::size_t accept_to = last ? decoded_.size() + 1 : decoded_.size() - kOverlap;
  scan_text(decoded_, {accept_from_, accept_to}, out);
  if (last) return;
  const std::size_t keep_from = accept_to - std::min(accept_to, kOverlap);
  LineCounter counter(decoded_, origin_.line, origin_.column);
  const LineCounter::Place place = counter.at(keep_from);
  origin_.line = place.line;
  origin_.column = place.column;
  decoded_.erase(0, keep_from);
  accept_from_ = accept_to - keep_from;
}

}  // namespace launchgate::secrets
