// A page as the login recipe sees it: its forms as a browser would submit them, its metas, its assets, and simple
// selectors. Parsed by the HTML5 algorithm (libgumbo), because login pages are rarely valid.
//
// Ownership: a Document owns its tree; everything returned is a copy. Thread-safety: const use from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libscan/core/result.hpp"

namespace launchgate::checks::smoke {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Input {
  std::string tag;   // "input" | "select" | "textarea" | "button"
  std::string type;  // lower case; "text" when absent, "submit" for buttons
  std::string name, value, id, autocomplete;
  bool sent = true;  // a browser would send it untouched: not disabled, not an unchecked box, not a button
};

struct Form {
  std::string id, name;
  std::string method;  // "get" | "post"
  std::string action;  // as written; empty = the page itself
  bool multipart = false;
  std::vector<Input> inputs;  // in page order, those of form="id" included

  const Input* first_of_type(std::string_view type) const noexcept;
  std::size_t count_of_type(std::string_view type) const noexcept;
};

// One compound selector: tag, #id, .class, [name], [name=value] in any combination: `form#login.wide[method=post]`.
struct Selector {
  std::string tag;
  std::vector<std::pair<std::string, std::string>> attributes;  // (name, value); class and id included
  std::vector<std::string> present;                             // [name]
};
// nullopt: it is none, or needs more of CSS than this.
std::optional<Selector> parse_selector(std::string_view text);

class Document {
 public:
  // Errors (ErrorCode::undecided): more bytes, depth or elements than a page may have (html_guard.hpp).
  static Result<Document> parse(std::string_view html);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  bool has(const Selector&) const;
  std::vector<Form> forms() const;
  // The form that is, holds or surrounds the first element the selector names.
  std::optional<Form> form(const Selector&) const;
  std::string meta(std::string_view name) const;  // content of <meta name=…>, empty when absent
  std::string base_href() const;
  std::string title() const;
  std::vector<std::string> assets() const;  // href of stylesheets, src of scripts, as written
  std::vector<std::string> links() const;   // href of every <a>, as written

 private:
  struct Tree;
  explicit Document(std::unique_ptr<Tree>);
  std::unique_ptr<Tree> tree_;
};

}  // namespace launchgate::checks::smoke
