#include "libscan/git/range.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "libscan/core/text.hpp"
#include "libscan/git/commit_walk.hpp"
#include "libscan/git/file.hpp"
#include "libscan/git/refs.hpp"
#include "libscan/git/revision.hpp"

namespace launchgate::git {
namespace {

constexpr std::size_t kShort = 10;  // digits of an object id in sentences

std::string short_name(const Oid& oid) { return oid.hex().substr(0, kShort); }

bool is_object_id(std::string_view name) { return Oid::from_hex(name).has_value(); }

class Resolver {
 public:
  Resolver(const Change& change, const Repository& repository, ObjectReader& objects)
      : change_(change), repository_(repository), objects_(objects) {}

  Result<Range> run();

 private:
  Result<void> find_heads();
  Result<void> find_bases();
  Result<void> add_known();
  Result<void> walk();
  void add_first_parents();
  void note_rewritten_history();

  // The commit behind a name; no value when this clone has none.
  Result<std::optional<Oid>> commit(const std::string& name, std::vector<Oid>* tags = nullptr);
  Result<void> add_present(const std::vector<std::string>& names, std::vector<Oid>& out,
                           std::vector<Oid>* tags = nullptr);
  Unexpected missing(std::string_view what, const std::string& name) const;
  std::string how_to_deepen() const;
  bool shallow() const noexcept { return !boundary_.empty(); }

  const Change& change_;
  const Repository& repository_;
  ObjectReader& objects_;
  std::vector<Oid> boundary_;
  Range range_;
};

Result<Range> Resolver::run() {
  range_.kind = change_.kind;
  if (change_.nothing) {
    range_.sentence = change_.title + ": nothing to look at";
    return std::move(range_);
  }
  auto boundary = shallow_boundary(repository_);
  if (!boundary) return Unexpected{std::move(boundary).error()};
  boundary_ = std::move(*boundary);
  for (auto step : {&Resolver::find_heads, &Resolver::find_bases, &Resolver::add_known, &Resolver::walk})
    if (auto done = (this->*step)(); !done) return Unexpected{std::move(done).error()};
  note_rewritten_history();
  return std::move(range_);
}

std::string Resolver::how_to_deepen() const {
  return change_.deepen.empty() ? "git fetch --unshallow" : change_.deepen;
}

Unexpected Resolver::missing(std::string_view what, const std::string& name) const {
  const std::string shown = printable(name);
  std::string text = change_.title + ": " + std::string(what) + " " + shown + " is not in this clone";
  if (shallow()) return fail(ErrorCode::undecided, text + ", which is shallow", how_to_deepen());
  if (change_.kind == "given" && !is_object_id(name))
    return fail(ErrorCode::usage, "'" + shown + "' names no commit here", "`git log -1 " + shown + "` must work");
  return fail(ErrorCode::undecided, std::move(text), "fetch it: git fetch origin " + shown);
}

Result<std::optional<Oid>> Resolver::commit(const std::string& name, std::vector<Oid>* tags) {
  // Only a person writes expressions; what an event calls its commits is no program.
  auto oid = change_.kind == "given" ? find_revision(repository_, objects_, name) : resolve_name(repository_, name);
  if (!oid || !*oid) return oid;
  return peel_to_commit(objects_, **oid, name, tags);
}

Result<void> Resolver::add_present(const std::vector<std::string>& names, std::vector<Oid>& out,
                                   std::vector<Oid>* tags) {
  for (const std::string& name : names) {
    auto oid = commit(name, tags);
    if (!oid) return Unexpected{std::move(oid).error()};
    if (*oid && std::find(out.begin(), out.end(), **oid) == out.end()) out.push_back(**oid);
  }
  return {};
}

Result<void> Resolver::find_heads() {
  for (const std::string& name : change_.heads) {
    auto oid = commit(name, &range_.tags);
    if (!oid) return Unexpected{std::move(oid).error()};
    if (!*oid) return missing("the commit", name);
    range_.heads.push_back(**oid);
  }
  return add_present(change_.optional_heads, range_.heads, &range_.tags);
}

Result<void> Resolver::find_bases() {
  if (auto added = add_present(change_.bases, range_.bases); !added) return added;
  const bool gone = range_.bases.empty() && !change_.bases.empty();
  for (std::size_t i = 0; i < change_.fallback_bases.size() && range_.bases.empty(); ++i)
    if (auto added = add_present({change_.fallback_bases[i]}, range_.bases); !added) return added;
  add_first_parents();
  if (gone && change_.whole_without_base)
    range_.notes.push_back({Note::Level::warning,
                            "the commit before this change, " + printable(change_.bases.front()) +
                                ", is not here (a forced push?): more than the change is looked at",
                            ""});
  return {};
}

// A merge commit made by the CI system joins the change with a target that may have moved on since the base was noted:
// its first parent is known too, as long as the change itself is another parent.
void Resolver::add_first_parents() {
  if (range_.bases.empty()) return;
  for (std::size_t i = change_.heads.size(); i < range_.heads.size(); ++i) {
    auto object = objects_.read(range_.heads[i], ObjectType::commit);
    const auto header = object ? parse_commit(object->bytes) : std::nullopt;
    if (!header || header->parents.size() < 2) continue;
    const auto& parents = header->parents;
    const bool ours = std::find(parents.begin() + 1, parents.end(), range_.heads.front()) != parents.end();
    auto here = objects_.exists(parents.front());
    if (ours && here && *here) range_.bases.push_back(parents.front());
  }
}

Result<void> Resolver::add_known() {
  if (change_.known.empty()) return {};
  auto refs = list_refs(repository_);
  if (!refs) return Unexpected{std::move(refs).error()};
  for (const Ref& ref : *refs) {
    const bool known = std::any_of(change_.known.begin(), change_.known.end(), [&](const std::string& prefix) {
      return ref.name.compare(0, prefix.size(), prefix) == 0;
    });
    if (!known) continue;
    auto oid = commit(ref.oid.hex());
    if (oid && *oid && std::find(range_.bases.begin(), range_.bases.end(), **oid) == range_.bases.end())
      range_.bases.push_back(**oid);
  }
  return {};
}

Result<void> Resolver::walk() {
  range_.sentence = change_.title + ": ";
  if (range_.bases.empty()) {
    if (!change_.bases.empty() && (shallow() || !change_.whole_without_base))
      return missing("the base", change_.bases.front());
    if (!change_.fallback_bases.empty() && !change_.whole_without_base)
      return missing("the base", change_.fallback_bases.back());
    if (shallow())
      return fail(ErrorCode::undecided, change_.title + ": this clone is shallow, so what is new cannot be told",
                  how_to_deepen());
    range_.whole = true;
    range_.sentence += "everything that " + short_name(range_.heads.front()) + " reaches";
    return {};
  }
  auto between = commits_between(objects_, range_.heads, range_.bases, boundary_);
  if (!between) {
    Error error = std::move(between).error();
    return fail(error.code, change_.title + ": " + error.what, shallow() ? how_to_deepen() : error.hint);
  }
  if (between->cut_short)
    return fail(ErrorCode::undecided, change_.title + ": this clone is shallow and ends within the change",
                how_to_deepen());
  range_.found = std::move(*between);
  const std::size_t count = range_.found.commits.size();
  range_.sentence += count == 0 ? "no new commit" : count == 1 ? "1 commit" : std::to_string(count) + " commits";
  range_.sentence += ", " + short_name(range_.bases.front()) + ".." + short_name(range_.heads.front());
  return {};
}

void Resolver::note_rewritten_history() {
  if (has_rewritten_history(repository_))
    range_.notes.push_back({Note::Level::info,
                            "replacement references and grafts are not applied: the original commits were looked at",
                            ""});
}

}  // namespace

Result<Change> parse_range(std::string_view text) {
  constexpr const char* kHint = "write --range A..B, as in `--range origin/main..HEAD`, or --range auto";
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos || text.size() == 2 || text == "...")
    return fail(ErrorCode::usage, "'" + printable(text) + "' is no range", kHint);
  const std::size_t count = text.substr(dots, 3) == "..." ? 3 : 2;
  const std::string_view from = text.substr(0, dots), to = text.substr(dots + count);
  if (to.find("..") != std::string_view::npos)
    return fail(ErrorCode::usage, "'" + printable(text) + "' is no range", kHint);
  Change change;
  change.kind = "given";
  change.title = "range " + printable(text);
  change.bases = {from.empty() ? "HEAD" : std::string(from)};
  change.heads = {to.empty() ? "HEAD" : std::string(to)};
  return change;
}

Result<Range> resolve_range(const Change& change, const Repository& repository, ObjectReader& objects) {
  return Resolver(change, repository, objects).run();
}

}  // namespace launchgate::git
