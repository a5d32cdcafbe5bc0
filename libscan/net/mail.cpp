#include "libscan/net/mail.hpp"

#include <algorithm>
#include <memory>

#include "libscan/core/text.hpp"
#include "libscan/net/crypto.hpp"
#include "libscan/net/libcurl.hpp"

namespace launchgate::net {
namespace {

constexpr std::size_t kLine = 76;  // RFC 2045 section 6.8

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() < 255 &&
         std::none_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c == '<' || c == '>' || c == 127; });
}

std::string wrapped_base64(std::string_view bytes) {
  const std::string code = base64_encode(bytes);
  std::string lines;
  for (std::size_t at = 0; at < code.size(); at += kLine) lines += code.substr(at, kLine) + "\r\n";
  return lines;
}

// RFC 2047: at most 75 characters a word, so 45 bytes of text; cut between characters.
std::string encoded_header(std::string_view text) {
  std::string words, piece;
  const auto flush = [&] {
    if (!piece.empty()) words += (words.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + base64_encode(piece) + "?=");
    piece.clear();
  };
  while (!text.empty()) {
    const std::size_t n = std::min(utf8_length(text), text.size());
    if (piece.size() + n > 45) flush();
    piece += text.substr(0, n);
    text.remove_prefix(n);
  }
  flush();
  return words;
}

struct Upload {
  std::string_view rest;
};

std::size_t feed(char* buffer, std::size_t size, std::size_t count, void* data) noexcept {
  auto* upload = static_cast<Upload*>(data);
  const std::size_t n = std::min(size * count, upload->rest.size());
  std::copy_n(upload->rest.data(), n, buffer);
  upload->rest.remove_prefix(n);
  return n;
}

std::size_t discard(char*, std::size_t size, std::size_t count, void*) noexcept { return size * count; }

Result<void> check(const MailServer& server, const MailMessage& message) {
  if (!server.url.starts_with("smtps://") && !server.url.starts_with("smtp://"))
    return fail(ErrorCode::config, "a mail server's URL begins with smtps:// or smtp://");
  if (!is_address(message.from) || message.to.empty() ||
      !std::all_of(message.to.begin(), message.to.end(), [](const std::string& a) { return is_address(a); }))
    return fail(ErrorCode::config, "an alert mail needs a sender and recipients that are mail addresses");
  return {};
}

}  // namespace

std::string mail_text(const MailMessage& message) {
  std::string to;
  for (const std::string& address : message.to) to += (to.empty() ? "" : ", ") + printable(address);
  return "From: " + printable(message.from) + "\r\nTo: " + to +
         "\r\nSubject: " + encoded_header(printable(message.subject)) +
         "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n" +
         wrapped_base64(message.text);
}

Result<void> CurlMail::send(const MailServer& server, const MailMessage& message) {
  if (auto good = check(server, message); !good) return good;
  auto loaded = libcurl();
  if (!loaded) return Unexpected{loaded.error()};
  const Libcurl& lib = **loaded;
  const std::unique_ptr<CURL, decltype(lib.easy_cleanup)> easy(lib.easy_init(), lib.easy_cleanup);
  const std::unique_ptr<CURLM, decltype(lib.multi_cleanup)> multi(lib.multi_init(), lib.multi_cleanup);
  if (!easy || !multi) return fail(ErrorCode::io, "no memory for a mail");
  curl_slist* list = nullptr;
  for (const std::string& to : message.to) list = lib.slist_append(list, ("<" + to + ">").c_str());
  const std::unique_ptr<curl_slist, decltype(lib.slist_free_all)> recipients(list, lib.slist_free_all);

  const std::string text = mail_text(message), from = "<" + message.from + ">";
  Upload upload{text};
  char why[CURL_ERROR_SIZE] = "";
  CURL* c = easy.get();
  lib.setopt(c, CURLOPT_URL, server.url.c_str());
  lib.setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  lib.setopt(c, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));  // STARTTLS, or the password stays here
  if (!server.user.empty()) lib.setopt(c, CURLOPT_USERNAME, server.user.c_str());
  if (!server.password.empty()) lib.setopt(c, CURLOPT_PASSWORD, server.password.c_str());
  if (!server.ca_file.empty()) lib.setopt(c, CURLOPT_CAINFO, server.ca_file.c_str());
  lib.setopt(c, CURLOPT_MAIL_FROM, from.c_str());
  lib.setopt(c, CURLOPT_MAIL_RCPT, recipients.get());
  lib.setopt(c, CURLOPT_UPLOAD, 1L);
  lib.setopt(c, CURLOPT_READFUNCTION, feed);
  lib.setopt(c, CURLOPT_READDATA, &upload);
  lib.setopt(c, CURLOPT_WRITEFUNCTION, discard);
  lib.setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(server.timeout_ms));
  lib.setopt(c, CURLOPT_NOSIGNAL, 1L);
  lib.setopt(c, CURLOPT_ERRORBUFFER, why);

  lib.multi_add_handle(multi.get(), c);
  CURLcode code = CURLE_FAILED_INIT;
  for (int active = 1; active > 0;) {
    if (lib.multi_perform(multi.get(), &active) != CURLM_OK) break;
    int queued = 0;
    while (CURLMsg* done = lib.multi_info_read(multi.get(), &queued))
      if (done->msg == CURLMSG_DONE) code = done->data.result;
    if (active > 0) lib.multi_poll(multi.get(), nullptr, 0, 1000, nullptr);
  }
  lib.multi_remove_handle(multi.get(), c);
  if (code == CURLE_OK) return {};
  const bool insecure = code == CURLE_USE_SSL_FAILED || code == CURLE_PEER_FAILED_VERIFICATION ||
                        code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_CACERT_BADFILE;
  return fail(ErrorCode::io, "mail was not accepted: " + printable(why[0] != 0 ? why : lib.easy_strerror(code)),
              insecure ? "the mail server must offer TLS with a certificate that verifies" : "");
}

}  // namespace launchgate::net
