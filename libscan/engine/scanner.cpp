#include "libscan/engine/scanner.hpp"

#include "libscan/engine/rule_choice.hpp"
#include "libscan/secrets/blob_scanner.hpp"
#include "libscan/secrets/builtin_rules.hpp"
#include "libscan/secrets/rule_loader.hpp"

namespace launchgate {

struct Scanner::Impl {
  secrets::Matcher matcher;
};

struct Scanner::Worker::Impl {
  secrets::BlobScanner scanner;
};

Scanner::Scanner(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Scanner::Scanner(Scanner&&) noexcept = default;
Scanner& Scanner::operator=(Scanner&&) noexcept = default;
Scanner::~Scanner() = default;

Scanner::Worker::Worker(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Scanner::Worker::Worker(Worker&&) noexcept = default;
Scanner::Worker& Scanner::Worker::operator=(Worker&&) noexcept = default;
Scanner::Worker::~Worker() = default;

Result<Scanner> Scanner::builtin() {
  auto matcher = secrets::builtin_matcher();
  if (!matcher) return Unexpected{matcher.error()};
  return Scanner(std::make_unique<Impl>(Impl{std::move(*matcher)}));
}

Result<Scanner> Scanner::from_toml(std::string_view toml, std::string_view name) {
  secrets::LoadOptions options;
  options.defaults = &secrets::builtin_rules();
  auto loaded = secrets::load_rules(toml, name, options);
  if (!loaded) return Unexpected{loaded.error()};
  const auto base = secrets::builtin_matcher();
  if (!base) return Unexpected{base.error()};
  auto matcher = secrets::Matcher::create(std::move(loaded->rules), &*base);
  if (!matcher) return Unexpected{matcher.error()};
  return Scanner(std::make_unique<Impl>(Impl{std::move(*matcher)}));
}

Result<Scanner::Worker> Scanner::worker() const {
  auto scanner = secrets::BlobScanner::create(impl_->matcher, {});
  if (!scanner) return Unexpected{scanner.error()};
  return Worker(std::make_unique<Worker::Impl>(Worker::Impl{std::move(*scanner)}));
}

void Scanner::Worker::scan(std::string_view bytes, std::string_view path, std::vector<Finding>& out) {
  Location where;
  where.path = std::string(path);
  impl_->scanner.scan(bytes, where, out);
}

Result<std::vector<Finding>> Scanner::scan(std::string_view bytes, std::string_view path) const {
  auto one = worker();
  if (!one) return Unexpected{one.error()};
  std::vector<Finding> out;
  one->scan(bytes, path, out);
  return out;
}

std::vector<RuleInfo> Scanner::rules() const { return engine::rule_infos(impl_->matcher.rules()); }

}  // namespace launchgate
