// One blob in, its findings out: encoding, path rules, dotenv files, matching, inline tags, masking. Every source
// (tree, index, history, site) ends here, so the same bytes under the same path give the same findings everywhere.
//
// Memory: the matcher's scratch and, for blobs fed in pieces, one window of kWindow bytes plus overlap, however
// long the blob or its lines are.
// Ownership: refers to the Matcher, which must outlive it. One BlobScanner per thread; not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/finding.hpp"
#include "libscan/core/result.hpp"
#include "libscan/secrets/finding_builder.hpp"
#include "libscan/secrets/matcher.hpp"
#include "libscan/secrets/text_encoding.hpp"

namespace launchgate::secrets {

using BlobOptions = FindingOptions;

enum class BlobKind {
  text,
  binary,  // only rules that identify themselves (rule.binary) were looked for
};

class BlobScanner {
 public:
  static Result<BlobScanner> create(const Matcher& matcher, BlobOptions options);

  // A whole blob in memory. Appends its findings in text order. `where.span` is ignored.
  BlobKind scan(std::string_view bytes, const Location& where, std::vector<Finding>& out);
  // The same with the first stages' work done: the confirmed matches of all `bytes` (match_tracker.hpp). Where the text
  // is not the bytes themselves (a byte order mark, UTF-16) they are not used.
  BlobKind scan(std::string_view bytes, const Location& where, const std::vector<Match>& confirmed,
                std::vector<Finding>& out);

  // The same for a blob that arrives in pieces. A match longer than kOverlap may be missed where two windows
  // meet; no built-in rule's span comes near it. A dotenv file longer than a window is judged by its first.
  void begin(const Location& where);
  void feed(std::string_view bytes, std::vector<Finding>& out);
  BlobKind finish(std::vector<Finding>& out);

  static constexpr std::size_t kWindow = std::size_t{4} << 20;
  static constexpr std::size_t kOverlap = std::size_t{64} << 10;

 private:
  BlobScanner(const Matcher& matcher, BlobOptions options, Matcher::ScratchPtr scratch);

  BlobKind scan_whole(std::string_view bytes, const Location& where, const std::vector<Match>* confirmed,
                      std::vector<Finding>& out);
  void scan_path(const Location& where, std::vector<Finding>& out);
  void scan_dotenv(std::string_view text, std::vector<Finding>& out);
  void scan_text(std::string_view text, ByteRange accept, std::vector<Finding>& out,
                 const std::vector<Match>* confirmed = nullptr);
  void append_decoded(std::string_view bytes);
  void scan_window(bool last, std::vector<Finding>& out);

  const Matcher* matcher_;
  BlobOptions options_;
  Matcher::ScratchPtr scratch_;
  std::vector<Match> matches_;
  std::vector<std::uint32_t> path_rules_;
  const Rule* dotenv_rule_ = nullptr;  // when the current path is one for it
  std::string decoded_;                // UTF-8 of a UTF-16 blob, or the current window

  // State of a blob in pieces, and of the current one in general.
  TextOrigin origin_;
  Encoding encoding_ = Encoding::bytes;
  std::string undecided_head_;  // first bytes, until there are enough to tell the encoding
  bool encoding_known_ = false;
  bool path_scanned_ = false;
  std::size_t accept_from_ = 0;  // offset in the window before which matches were reported already
  char odd_byte_ = 0;            // half a UTF-16 unit left over from the last piece
  bool has_odd_byte_ = false;
};

}  // namespace launchgate::secrets
