#include "libscan/checks/smoke/html.hpp"

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <csetjmp>

#include "libscan/checks/smoke/html_guard.hpp"

namespace launchgate::checks::smoke {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lower(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
  return out;
}

bool is_tag(const GumboNode* node, GumboTag tag) noexcept {
  return node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == tag;
}

const char* attribute(const GumboNode* node, const char* name) noexcept {
  const GumboAttribute* a = gumbo_get_attribute(&node->v.element.attributes, name);
  return a == nullptr ? nullptr : a->value;
}

std::string attribute_or(const GumboNode* node, const char* name, std::string_view otherwise = "") {
  const char* value = attribute(node, name);
  return std::string(value == nullptr ? otherwise : value);
}

const GumboVector* children(const GumboNode* node) noexcept {
  if (node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE) return &node->v.element.children;
  if (node->type == GUMBO_NODE_DOCUMENT) return &node->v.document.children;
  return nullptr;
}

// The node after `node` in document order, within `root`; nullptr at the end. No recursion, no stack.
const GumboNode* next_node(const GumboNode* node, const GumboNode* root) noexcept {
  if (const GumboVector* inner = children(node); inner != nullptr && inner->length > 0)
    return static_cast<const GumboNode*>(inner->data[0]);
  while (node != root && node != nullptr) {
    const GumboNode* parent = node->parent;
    const GumboVector* siblings = parent == nullptr ? nullptr : children(parent);
    if (siblings == nullptr) return nullptr;
    const std::size_t next = node->index_within_parent + 1;
    if (next < siblings->length) return static_cast<const GumboNode*>(siblings->data[next]);
    node = parent;
  }
  return nullptr;
}

std::string text_of(const GumboNode* root) {
  std::string out;
  for (const GumboNode* n = next_node(root, root); n != nullptr && out.size() < 64'000; n = next_node(n, root))
    if (n->type == GUMBO_NODE_TEXT || n->type == GUMBO_NODE_WHITESPACE || n->type == GUMBO_NODE_CDATA)
      out += n->v.text.text;
  return out;
}

std::string tag_name(const GumboNode* node) {
  if (node->v.element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(node->v.element.tag);
  GumboStringPiece piece = node->v.element.original_tag;
  gumbo_tag_from_original_text(&piece);
  return lower(std::string_view(piece.data == nullptr ? "" : piece.data, piece.length));
}

bool has_word(std::string_view list, std::string_view word) noexcept {
  for (std::size_t at = list.find(word); at != std::string_view::npos; at = list.find(word, at + 1)) {
    const auto edge = [&](std::size_t i) {
      return i >= list.size() || list[i] == ' ' || list[i] == '\n' || list[i] == '\t';
    };
    if ((at == 0 || edge(at - 1)) && edge(at + word.size())) return true;
  }
  return false;
}

bool matches(const GumboNode* node, const Selector& selector) {
  if (node->type != GUMBO_NODE_ELEMENT) return false;
  if (!selector.tag.empty() && tag_name(node) != selector.tag) return false;
  for (const std::string& name : selector.present)
    if (attribute(node, name.c_str()) == nullptr) return false;
  return std::all_of(selector.attributes.begin(), selector.attributes.end(), [&](const auto& wanted) {
    const char* value = attribute(node, wanted.first.c_str());
    if (value == nullptr) return false;
    return wanted.first == "class" ? has_word(value, wanted.second) : value == wanted.second;
  });
}

const GumboNode* find(const GumboNode* root, const auto& wanted) {
  for (const GumboNode* n = root; n != nullptr; n = next_node(n, root))
    if (wanted(n)) return n;
  return nullptr;
}

// ---- forms ---------------------------------------------------------------------------------------------------

std::string select_value(const GumboNode* select) {
  const GumboNode* chosen = nullptr;
  for (const GumboNode* n = next_node(select, select); n != nullptr; n = next_node(n, select)) {
    if (!is_tag(n, GUMBO_TAG_OPTION) || attribute(n, "disabled") != nullptr) continue;
    if (chosen == nullptr || attribute(n, "selected") != nullptr) chosen = n;
  }
  if (chosen == nullptr) return {};
  const char* value = attribute(chosen, "value");
  return value != nullptr ? value : text_of(chosen);
}

std::optional<Input> read_input(const GumboNode* node) {
  static constexpr std::array<std::pair<GumboTag, const char*>, 4> kTags = {{{GUMBO_TAG_INPUT, "input"},
                                                                             {GUMBO_TAG_SELECT, "select"},
                                                                             {GUMBO_TAG_TEXTAREA, "textarea"},
                                                                             {GUMBO_TAG_BUTTON, "button"}}};
  const auto known = std::find_if(kTags.begin(), kTags.end(), [&](const auto& t) { return is_tag(node, t.first); });
  if (known == kTags.end()) return std::nullopt;
  Input in;
  in.tag = known->second;
  const bool button = known->first == GUMBO_TAG_BUTTON;
  in.type = lower(attribute_or(node, "type", button ? "submit" : "text"));
  in.name = attribute_or(node, "name");
  in.id = attribute_or(node, "id");
  in.autocomplete = lower(attribute_or(node, "autocomplete"));
  const bool box = in.type == "checkbox" || in.type == "radio";
  in.value = known->first == GUMBO_TAG_SELECT     ? select_value(node)
             : known->first == GUMBO_TAG_TEXTAREA ? text_of(node)
                                                  : attribute_or(node, "value", box ? "on" : "");
  const bool pressed = button || in.type == "submit" || in.type == "image" || in.type == "button" || in.type == "reset";
  in.sent = !in.name.empty() && attribute(node, "disabled") == nullptr && !pressed && in.type != "file" &&
            (!box || attribute(node, "checked") != nullptr);
  return in;
}

const GumboNode* owner_form(const GumboNode* node) noexcept {
  for (; node != nullptr; node = node->parent)
    if (is_tag(node, GUMBO_TAG_FORM)) return node;
  return nullptr;
}

Form read_form(const GumboNode* form, const GumboNode* root) {
  Form out;
  out.id = attribute_or(form, "id");
  out.name = attribute_or(form, "name");
  out.action = attribute_or(form, "action");
  out.method = lower(attribute_or(form, "method", "get")) == "post" ? "post" : "get";
  out.multipart = lower(attribute_or(form, "enctype")) == "multipart/form-data";
  for (const GumboNode* n = root; n != nullptr; n = next_node(n, root)) {
    auto input = read_input(n);
    if (!input) continue;
    const char* named = attribute(n, "form");  // wins over where the element stands
    if (named != nullptr ? !out.id.empty() && out.id == named : owner_form(n) == form)
      out.inputs.push_back(std::move(*input));
  }
  return out;
}

}  // namespace

// ---- parsing -------------------------------------------------------------------------------------------------

struct Document::Tree {
  std::string html;  // the tree points into it
  Arena arena{kMaxTreeBytes};
  const GumboNode* root = nullptr;
  std::jmp_buf full;  // where the parse ends when the arena is
};

namespace {

// The parser does not look at what an allocator returns, so a refusal must not return at all. Between setjmp and here
// are frames of C only: nothing is left undestroyed.
void* allocate_or_leave(Arena& arena, std::jmp_buf& full, std::size_t size) {
  if (void* memory = arena.allocate(size)) return memory;
  std::longjmp(full, 1);
}

}  // namespace

Document::Document(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::string_view html) {
  if (html.size() > kMaxHtmlBytes) return fail(ErrorCode::undecided, "the page is larger than 2 MB of HTML");
  if (nesting_estimate(html) > kMaxHtmlDepth)
    return fail(ErrorCode::undecided, "the page's elements nest deeper than 1000");
  auto tree = std::make_unique<Tree>();
  tree->html = html;
  GumboOptions options = kGumboDefaultOptions;
  options.userdata = tree.get();
  options.allocator = [](void* user, std::size_t size) -> void* {
    Tree& t = *static_cast<Tree*>(user);
    return allocate_or_leave(t.arena, t.full, size);
  };
  options.deallocator = [](void*, void*) {};
  options.max_errors = 0;
  if (setjmp(tree->full) != 0) return fail(ErrorCode::undecided, "the page has more elements than memory is given to");
  tree->root = gumbo_parse_with_options(&options, tree->html.data(), tree->html.size())->root;
  return Document(std::move(tree));
}

// ---- questions -----------------------------------------------------------------------------------------------

bool Document::has(const Selector& selector) const {
  return find(tree_->root, [&](const GumboNode* n) { return matches(n, selector); }) != nullptr;
}

std::vector<Form> Document::forms() const {
  constexpr std::size_t kMaxForms = 50;  // each is read by one walk over the page
  std::vector<Form> out;
  for (const GumboNode* n = tree_->root; n != nullptr && out.size() < kMaxForms; n = next_node(n, tree_->root))
    if (is_tag(n, GUMBO_TAG_FORM)) out.push_back(read_form(n, tree_->root));
  return out;
}

std::optional<Form> Document::form(const Selector& selector) const {
  const GumboNode* at = find(tree_->root, [&](const GumboNode* n) { return matches(n, selector); });
  if (at == nullptr) return std::nullopt;
  const GumboNode* form = owner_form(at);
  if (form == nullptr) form = find(at, [](const GumboNode* n) { return is_tag(n, GUMBO_TAG_FORM); });
  if (form == nullptr) return std::nullopt;
  return read_form(form, tree_->root);
}

std::string Document::meta(std::string_view name) const {
  const GumboNode* node = find(tree_->root, [&](const GumboNode* n) {
    if (!is_tag(n, GUMBO_TAG_META)) return false;
    const char* value = attribute(n, "name");
    return value != nullptr && lower(value) == name;
  });
  return node == nullptr ? "" : attribute_or(node, "content");
}

std::string Document::base_href() const {
  const GumboNode* node = find(tree_->root, [](const GumboNode* n) { return is_tag(n, GUMBO_TAG_BASE); });
  return node == nullptr ? "" : attribute_or(node, "href");
}

std::string Document::title() const {
  const GumboNode* node = find(tree_->root, [](const GumboNode* n) { return is_tag(n, GUMBO_TAG_TITLE); });
  return node == nullptr ? "" : text_of(node);
}

std::vector<std::string> Document::assets() const {
  std::vector<std::string> out;
  for (const GumboNode* n = tree_->root; n != nullptr; n = next_node(n, tree_->root)) {
    std::string url;
    if (is_tag(n, GUMBO_TAG_SCRIPT)) url = attribute_or(n, "src");
    if (is_tag(n, GUMBO_TAG_LINK) && has_word(lower(attribute_or(n, "rel")), "stylesheet"))
      url = attribute_or(n, "href");
    if (!url.empty()) out.push_back(std::move(url));
  }
  return out;
}

std::vector<std::string> Document::links() const {
  std::vector<std::string> out;
  for (const GumboNode* n = tree_->root; n != nullptr; n = next_node(n, tree_->root))
    if (is_tag(n, GUMBO_TAG_A))
      if (std::string href = attribute_or(n, "href"); !href.empty()) out.push_back(std::move(href));
  return out;
}

const Input* Form::first_of_type(std::string_view type) const noexcept {
  const auto at = std::find_if(inputs.begin(), inputs.end(), [&](const Input& i) { return i.type == type; });
  return at == inputs.end() ? nullptr : &*at;
}

std::size_t Form::count_of_type(std::string_view type) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(inputs.begin(), inputs.end(), [&](const Input& i) { return i.type == type; }));
}

// ---- selectors -----------------------------------------------------------------------------------------------

std::optional<Selector> parse_selector(std::string_view text) {
  const auto name_end = [&](std::size_t from) {
    while (from < text.size() && text.find_first_of("#.[]= >+~:,*\"'\t\n", from) != from) ++from;
    return from;
  };
  Selector out;
  std::size_t at = name_end(0);
  out.tag = lower(text.substr(0, at));
  while (at < text.size()) {
    const char kind = text[at++];
    const std::size_t end = name_end(at);
    const std::string name(text.substr(at, end - at));
    if (name.empty()) return std::nullopt;
    at = end;
    if (kind == '#' || kind == '.') {
      out.attributes.emplace_back(kind == '#' ? "id" : "class", name);
      continue;
    }
    if (kind != '[' || at >= text.size()) return std::nullopt;
    if (text[at] == ']') {
      out.present.push_back(lower(name));
      ++at;
      continue;
    }
    const std::size_t close = text.find(']', at);
    if (text[at] != '=' || close == std::string_view::npos) return std::nullopt;
    std::string_view value = text.substr(at + 1, close - at - 1);
    if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
      value = value.substr(1, value.size() - 2);
    out.attributes.emplace_back(lower(name), value);
    at = close + 1;
  }
  if (out.tag.empty() && out.attributes.empty() && out.present.empty()) return std::nullopt;
  return out;
}

}  // namespace launchgate::checks::smoke
