#include "libscan/engine/content_worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "libscan/core/text.hpp"

namespace launchgate::engine {

using git::ObjectType;

Result<ContentWorker> ContentWorker::create(const ScanContext& context, const git::Repository& repository) {
  auto scanner = secrets::BlobScanner::create(context.matcher, context.blob);
  if (!scanner) return Unexpected{std::move(scanner).error()};
  return ContentWorker(context, repository, std::move(*scanner));
}

void ContentWorker::scan(const git::ChangedFile& file) {
  if (any_matches(context_->exclude, file.path)) return part_.coverage.skip("excluded", file.path);
  auto blob = objects_.read(file.oid, ObjectType::blob);
  if (!blob) return count_unread(file.path, blob.error());
  scan(file, blob->bytes, nullptr);
}

void ContentWorker::scan(const git::ChangedFile& file, std::string_view bytes,
                         const std::vector<secrets::Match>* confirmed) {
  if (context_->max_file_size != 0 && bytes.size() > context_->max_file_size)
    return part_.coverage.skip("too-large", file.path, true);
  ++part_.coverage.files;
  part_.coverage.bytes += bytes.size();
  if (find(file, bytes, confirmed) == secrets::BlobKind::binary) part_.coverage.skip("binary", file.path);
}

void ContentWorker::scan_copy(const git::ChangedFile& file, std::string_view bytes,
                              const std::vector<secrets::Match>* confirmed) {
  if (context_->max_file_size == 0 || bytes.size() <= context_->max_file_size) find(file, bytes, confirmed);
}

void ContentWorker::scan_copy(const git::ChangedFile& file) {
  if (const auto blob = objects_.read(file.oid, ObjectType::blob)) scan_copy(file, blob->bytes, nullptr);
}

secrets::BlobKind ContentWorker::find(const git::ChangedFile& file, std::string_view bytes,
                                      const std::vector<secrets::Match>* confirmed) {
  Location where;
  where.path = file.path;
  if (!file.commit.is_zero()) where.commit = file.commit.hex();
  const std::size_t first = part_.findings.size();
  const auto kind = confirmed == nullptr ? scanner_.scan(bytes, where, part_.findings)
                                         : scanner_.scan(bytes, where, *confirmed, part_.findings);
  if (part_.findings.size() == first) return kind;
  drop_what_was_there(file, first);
  if (file.commit.is_zero() || part_.findings.size() == first) return kind;
  attribute(file.commit, first);
  part_.contents.emplace(std::pair(where.commit, where.path), file.oid.prefix());
  return kind;
}

void ContentWorker::count_unread(const std::string& path, const Error& error) {
  part_.coverage.skip("unreadable", path, true);
  if (unread_.first.empty() || path < unread_.first) unread_ = {path, error};
}

// Takes out the findings from `first` on that one of the file's earlier contents has as well, as often as it has them.
void ContentWorker::drop_what_was_there(const git::ChangedFile& file, std::size_t first) {
  std::map<std::string, std::size_t, std::less<>> there;
  std::vector<Finding> old;
  for (const git::Oid& before : file.before) {
    auto blob = objects_.read(before, ObjectType::blob);
    if (!blob) continue;  // then nothing is known to have been there
    old.clear();
    Location where;
    where.path = file.path;
    scanner_.scan(blob->bytes, where, old);
    std::map<std::string, std::size_t, std::less<>> counted;
    for (const Finding& f : old) ++counted[f.fingerprint];
    for (const auto& [fingerprint, count] : counted) {
      std::size_t& most = there[fingerprint];
      most = std::max(most, count);
    }
  }
  const auto begin = part_.findings.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = std::remove_if(begin, part_.findings.end(), [&](const Finding& f) {
    const auto found = there.find(f.fingerprint);
    if (found == there.end() || found->second == 0) return false;
    --found->second;
    ++known_;
    return true;
  });
  part_.findings.erase(end, part_.findings.end());
}

void ContentWorker::attribute(const git::Oid& commit, std::size_t first) {
  if (part_.findings.size() == first) return;
  auto [at, added] = authors_.try_emplace(commit);
  if (added)
    if (auto object = objects_.read(commit, ObjectType::commit)) at->second = git::author_of(object->bytes);
  for (std::size_t i = first; i < part_.findings.size(); ++i) {
    part_.findings[i].where.author = at->second.name;
    part_.findings[i].where.date = at->second.date;
  }
}

ScanPart ContentWorker::join(std::vector<ContentWorker>& workers) {
  ScanPart part;
  std::uint64_t known = 0;
  const std::pair<std::string, Error>* unread = nullptr;
  for (const ContentWorker& worker : workers) {
    known += worker.known_;
    const auto& candidate = worker.unread_;
    if (!candidate.first.empty() && (unread == nullptr || candidate.first < unread->first)) unread = &candidate;
  }
  if (known > 0)
    part.notes.push_back({Note::Level::info,
                          fmt::format("{} finding{} in the changed files {} there before this change", known,
                                      known == 1 ? "" : "s", known == 1 ? "was" : "were"),
                          "`launchgate scan` shows what the tree holds"});
  if (unread != nullptr)
    part.notes.push_back(
        {Note::Level::error, printable(unread->first) + ": " + unread->second.what, unread->second.hint});
  for (ContentWorker& worker : workers) part.merge(std::move(worker.part_));
  return part;
}

}  // namespace launchgate::engine
