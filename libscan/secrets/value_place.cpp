#include "libscan/secrets/value_place.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "libscan/secrets/dotenv.hpp"
#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

template <std::size_t N>
bool any_folder_of(const std::string_view (&list)[N], std::string_view folders) {
  while (!folders.empty()) {
    const std::size_t cut = folders.find('/');
    if (any_of(list, folders.substr(0, cut))) return true;
    folders = cut == folders.npos ? std::string_view{} : folders.substr(cut + 1);
  }
  return false;
}

constexpr std::string_view kTextFolders[] = {"i18n",     "locale",    "locales",      "lang",        "langs",
                                             "language", "languages", "translations", "translation", "l10n",
                                             "messages", "nls",       "localization"};

// "androidTest", "Shop.UnitTests", "integration-tests": the last word says what is in the folder. The first does where
// it is what helps to test: "Shop.TestInfrastructure", "test-utils".
bool in_test_folder(std::string_view folders) {
  constexpr std::string_view kTests[] = {"test", "tests", "spec", "specs", "mocks", "fixtures", "molecule"};
  constexpr std::string_view kFirst[] = {"test",      "tests",     "testing",    "testhelpers",  "testhelper",
                                         "testutils", "testsuite", "testsuites", "testresources"};
  while (!folders.empty()) {
    const std::size_t cut = folders.find('/');
    const std::string_view folder = folders.substr(0, cut);
    const std::string_view part = folder.substr(folder.rfind('.') + 1);  // npos + 1: all of it
    Pieces pieces(part);
    Piece piece, first, last;
    while (pieces.next(piece)) {
      if (first.text.empty()) first = piece;
      if (!piece.digits) last = piece;
    }
    if (any_of(kTests, last.text) || any_of(kFirst, first.text) || equals_caseless(part, "e2e")) return true;
    folders = cut == folders.npos ? std::string_view{} : folders.substr(cut + 1);
  }
  return false;
}

struct Path {
  std::string_view folders, file, extension;
  explicit Path(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    file = slash == path.npos ? path : path.substr(slash + 1);
    folders = slash == path.npos ? std::string_view{} : path.substr(0, slash);
    const std::size_t dot = file.rfind('.');
    extension = dot == file.npos ? file : file.substr(dot + 1);
  }
};

}  // namespace

FileKind file_kind(std::string_view path) noexcept {
  constexpr std::string_view kCode[] = {
      "c",   "cc",    "cpp",     "cxx",  "h",    "hh",   "hpp",    "java", "js",     "jsx",    "mjs",    "cjs",
      "ts",  "tsx",   "go",      "py",   "rb",   "php",  "cs",     "kt",   "kts",    "scala",  "swift",  "rs",
      "m",   "mm",    "groovy",  "dart", "lua",  "pl",   "pm",     "vue",  "svelte", "ex",     "exs",    "erl",
      "hs",  "clj",   "fs",      "vb",   "html", "htm",  "erb",    "jsp",  "xaml",   "ipynb",  "r",      "jl",
      "sol", "proto", "graphql", "css",  "scss", "tmpl", "cshtml", "twig", "j",      "coffee", "gradle", "pas",
      "t",   "d.ts",  "phtml",   "ejs",  "haml", "slim", "rake",   "mts",  "cts",    "astro"};
  constexpr std::string_view kSettings[] = {
      "env",     "yml",  "yaml", "properties", "ini", "conf",  "cfg",    "cnf",    "config", "toml", "sh",
      "bash",    "zsh",  "bat",  "cmd",        "ps1", "tf",    "tfvars", "xml",    "json",   "rsp",  "dockerfile",
      "service", "ldif", "hcl",  "plist",      "reg", "npmrc", "dist",   "sample", "example"};
  constexpr std::string_view kTranslations[] = {"po", "pot", "resx", "xlf", "strings", "arb"};
  // What a program says to people, beside it and not in a folder: messages_de.properties, res/values/strings.xml.
  constexpr std::string_view kTexts[] = {"messages", "strings", "labels", "translations"};
  constexpr std::string_view kTextFiles[] = {"properties", "xml", "json", "yml", "yaml"};
  const Path p(path);
  if (any_folder_of(kTextFolders, p.folders) || any_of(kTranslations, p.extension)) return FileKind::translation;
  Pieces stem(p.file);
  if (Piece first; stem.next(first) && any_of(kTexts, first.text) && any_of(kTextFiles, p.extension))
    return FileKind::translation;
  if (any_of(kCode, p.extension)) return FileKind::code;
  if (any_of(kSettings, p.extension) || p.file.starts_with(".env") || p.file.starts_with("Dockerfile"))
    return FileKind::settings;
  return FileKind::text;
}

bool holds_texts(std::string_view path) noexcept {
  constexpr std::string_view kTables[] = {"php", "json", "js", "ts", "yml", "yaml", "properties", "po", "pot", "xlf"};
  const Path p(path);
  return any_folder_of(kTextFolders, p.folders) && any_of(kTables, p.extension);
}

bool is_powershell(std::string_view path) noexcept {
  constexpr std::string_view kPrograms[] = {"ps1", "psm1", "psd1"};
  return any_of(kPrograms, Path(path).extension);
}

bool is_lock_file(std::string_view path) noexcept {
  constexpr std::string_view kNames[] = {"package-lock.json",   "npm-shrinkwrap.json",
                                         "pnpm-lock.yaml",      "packages.lock.json",
                                         "package.resolved",    "go.sum",
                                         ".terraform.lock.hcl", "go.mod"};
  const Path p(path);
  return equals_caseless(p.extension, "lock") || equals_caseless(p.extension, "lockfile") || any_of(kNames, p.file);
}

bool is_template(std::string_view path) noexcept {
  constexpr std::string_view kWords[] = {"example", "sample", "template", "tmpl", "tpl", "dist", "default", "defaults"};
  Pieces pieces(Path(path).file);
  for (Piece piece; pieces.next(piece);)
    if (any_of(kWords, piece.text)) return true;
  return dotenv_name(path) == DotenvName::sample;  // .env.schema, .env.ci
}

bool is_example_file(std::string_view path) noexcept {
  constexpr std::string_view kExamples[] = {"example", "examples", "sample", "samples"};
  Pieces words(Path(path).file);
  for (Piece word; words.next(word);)
    if (any_of(kExamples, word.text)) return true;
  return false;
}

namespace {

// Settings of which no folder and no word says that others use what they start.
bool may_be_for_development(std::string_view path) {
  constexpr std::string_view kProduction[] = {"prod", "production", "live", "staging", "stage"};
  if (file_kind(path) != FileKind::settings) return false;
  Pieces anywhere(path);
  for (Piece word; anywhere.next(word);)
    if (any_of(kProduction, word.text)) return false;
  return true;
}

}  // namespace

bool is_named_for_development(std::string_view path) noexcept {
  constexpr std::string_view kDevelopment[] = {"local", "localhost", "dev", "devel", "development"};
  if (!may_be_for_development(path)) return false;
  Pieces words(Path(path).file);
  for (Piece word; words.next(word);)
    if (any_of(kDevelopment, word.text)) return true;
  return false;
}

bool is_for_development(std::string_view path) noexcept {
  if (is_named_for_development(path)) return true;
  const Path p(path);
  return p.file.find("compose") != p.file.npos && (p.extension == "yml" || p.extension == "yaml") &&
         may_be_for_development(path);
}

// What it needs of the outside it is given; what is written there is for services that it starts itself.
bool is_pipeline(std::string_view path) noexcept {
  const Path p(path);
  return p.folders.ends_with(".github/workflows") || p.folders.ends_with(".circleci") || p.file == ".gitlab-ci.yml" ||
         p.file == ".travis.yml";
}

namespace {

// What tests read: made for them, and not by who runs them.
constexpr std::string_view kDataFolders[] = {"testdata",  "fixtures",      "fixture",   "__fixtures__", "mocks",
                                             "__mocks__", "stubs",         "snapshots", "factories",    "mirage",
                                             "fakes",     "__snapshots__", ".snapshots"};
constexpr std::string_view kTestFolders[] = {"test", "tests",    "spec",      "specs",   "__tests__",  "testing", "t",
                                             "e2e",  "testutil", "selftests", "cypress", "playwright", "stories"};
constexpr std::string_view kOtherFolders[] = {"examples", "example",     "_examples",   "_example",
                                              "samples",  "sample",      "seeders",     "cassettes",
                                              "seeds",    "sample_data", "sample-data", "vcr"};

// Where build tools look for what tests read: "src/test/resources" and "src/jvmTest/resources" of Maven and Gradle,
// "login_SUITE_data" of Common Test, https://www.erlang.org/doc/apps/common_test/write_test_chapter. What the program
// itself reads of the former may lead to a database in use.
bool is_read_by_tests(const Path& p) {
  constexpr std::string_view kSettings[] = {"application", "bootstrap", "config", "settings", "database", "db"};
  constexpr std::string_view kFormats[] = {"properties", "xml", "conf", "ini", "env", "toml"};
  Pieces pieces(p.file);
  Piece first;
  const bool settings = any_of(kFormats, p.extension) || (pieces.next(first) && any_of(kSettings, first.text));
  std::string_view folders = p.folders;
  for (std::string_view before; !folders.empty();) {
    const std::size_t cut = folders.find('/');
    const std::string_view folder = folders.substr(0, cut);
    if (folder.ends_with("_SUITE_data")) return true;
    if (folder == "resources" && (before == "test" || before.ends_with("Test"))) return !settings;
    before = folder;
    folders = cut == folders.npos ? std::string_view{} : folders.substr(cut + 1);
  }
  return false;
}

// The first word of a file's name and the last one that is no number.
struct EndWords {
  Piece first, last;
};

EndWords end_words(std::string_view path) {
  const Path p(path);
  Pieces pieces(p.file.substr(0, p.file.size() - std::min(p.file.size(), p.extension.size() + 1)));
  EndWords out;
  for (Piece piece; pieces.next(piece);) {
    if (out.first.text.empty()) out.first = piece;
    if (!piece.digits) out.last = piece;
  }
  return out;
}

// "openpgp_test_data.go", "LoginTestData.java": a test's data, kept as a program.
bool is_test_data_program(std::string_view path) {
  const Path p(path);
  Pieces pieces(p.file.substr(0, p.file.size() - std::min(p.file.size(), p.extension.size() + 1)));
  Piece before, last;
  for (Piece piece; pieces.next(piece); last = piece) before = last;
  return equals_caseless(last.text, "testdata") ||
         (equals_caseless(last.text, "data") && equals_caseless(before.text, "test"));
}

// "login_test.exs.eex": what a generator makes a file from, called after that file.
std::string_view without_template_suffix(std::string_view path) {
  constexpr std::string_view kSuffixes[] = {"eex", "erb", "ejs", "hbs", "j2", "jinja", "mustache", "tmpl", "tt"};
  const Path p(path);
  const std::size_t made = p.file.size() - std::min(p.file.size(), p.extension.size() + 1);
  const bool of_a_file = p.file.substr(0, made).find('.') != std::string_view::npos;
  return of_a_file && any_of(kSuffixes, p.extension) ? path.substr(0, path.size() - p.extension.size() - 1) : path;
}

// "user_test.go", "login.spec.ts", "UserTest.java", "test_login.py"; "Login.Tests.ps1" of Pester, "login_SUITE.erl" of
// Common Test.
bool is_test_program(std::string_view path) {
  constexpr std::string_view kWords[] = {"test",    "tests",    "spec", "mock",    "mocks",
                                         "fixture", "fixtures", "it",   "stories", "testing"};
  if (path.ends_with(".Tests.ps1")) return true;  // https://pester.dev/docs/usage/file-placement-and-naming
  if (path.ends_with(".t")) return true;          // https://perldoc.perl.org/prove
  path = without_template_suffix(path);
  if (file_kind(path) != FileKind::code) return false;
  const EndWords words = end_words(path);
  return any_of(kWords, words.last.text) || equals_caseless(words.first.text, "test") || path.ends_with("_SUITE.erl") ||
         is_test_data_program(path);
}

// "prisma/seed.ts", "UserSeeder.php", "fake_data.rake": puts into a new database what is needed to look at the program.
bool is_seed(std::string_view path) {
  constexpr std::string_view kSeeds[] = {"seed", "seeds", "seeder"};
  if (file_kind(path) != FileKind::code) return false;
  const EndWords words = end_words(path);
  return any_of(kSeeds, words.last.text) || equals_caseless(words.first.text, "fake");
}

// ".env.test", "app-test.yml", "phpunit.xml.dist", ".env.travis": what tests and build services run with. And what
// chart-testing installs a Helm chart with, https://github.com/helm/chart-testing.
bool is_test_settings(std::string_view path) {
  constexpr std::string_view kWords[] = {"test", "tests", "testing", "e2e", "phpunit", "dusk", "jest", "cypress"};
  // Of a dotenv file; "ci-deploy.sh" may hold what deploys.
  constexpr std::string_view kBuildServices[] = {"ci", "travis", "circleci"};
  const Path p(path);
  if (file_kind(path) != FileKind::settings) return false;
  if (p.folders.ends_with("/ci") && p.file.ends_with("-values.yaml")) return true;
  Pieces all(p.file);
  for (Piece word; all.next(word);)
    if (any_of(kWords, word.text) || (p.file.starts_with(".env") && any_of(kBuildServices, word.text))) return true;
  return false;
}

}  // namespace

bool is_description(std::string_view path) noexcept {
  constexpr std::string_view kDescriptions[] = {"openapi", "swagger"},
                             kFolders[] = {"api-docs", "api-reference", "api-ref", "openapi", "swagger"};
  constexpr std::string_view kFormats[] = {"yml", "yaml", "json"};
  const Path p(path);
  Pieces words(p.file);
  Piece word;
  if (words.next(word) && any_of(kDescriptions, word.text)) return true;
  return any_folder_of(kFolders, p.folders) && any_of(kFormats, p.extension);
}

bool is_document(std::string_view path) noexcept {
  constexpr std::string_view kFolders[] = {"doc", "docs", "documentation", "guides", "api-docs"};
  // Pages of documentation, and requests to send to a service while it is developed.
  constexpr std::string_view kPages[] = {"md", "mdx", "markdown", "rst", "adoc", "asciidoc", "http", "rest"};
  constexpr std::string_view kReadings[] = {"readme", "metadata", "pkg-info"};  // without an extension; the description
  const Path p(path);                                                           // of a Python package is its README
  return any_folder_of(kFolders, p.folders) || any_of(kPages, p.extension) || any_of(kReadings, p.file);
}

bool is_test_data(std::string_view path) noexcept {
  const Path p(path);
  if (any_folder_of(kDataFolders, p.folders) || is_read_by_tests(p)) return !is_document(path);
  const bool folder = any_folder_of(kTestFolders, p.folders) || in_test_folder(p.folders);
  return is_test_program(path) || (folder && file_kind(path) == FileKind::code);
}

bool is_mock(std::string_view path) noexcept {
  constexpr std::string_view kMocks[] = {"mock", "mocks", "fake", "fakes", "stub", "stubs"};
  if (file_kind(path) != FileKind::code) return false;
  Pieces words(Path(path).file);
  for (Piece word; words.next(word);)
    if (any_of(kMocks, word.text)) return true;
  return false;
}

bool is_for_show(std::string_view path) noexcept {
  const Path p(path);
  if (is_document(path) || in_test_folder(p.folders)) return true;
  if (any_folder_of(kTestFolders, p.folders) || any_folder_of(kDataFolders, p.folders) ||
      any_folder_of(kOtherFolders, p.folders))
    return true;
  return is_pipeline(path) || is_description(path) || is_test_settings(path) || is_test_program(path) || is_seed(path);
}

}  // namespace launchgate::secrets
