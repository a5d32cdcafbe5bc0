// The real Http port over TLS, HTTP/2 and proxies: what is verified, what is shown to the server, and what is not.
#include <doctest/doctest.h>
#include <sys/socket.h>

#include <ctime>
#include <string>

#include "libscan/net/http_curl.hpp"
#include "tests/support/temp_repo.hpp"
#include "tests/support/test_server.hpp"

using namespace launchgate;
using namespace launchgate::net;
using launchgate::tests::Connection;
using launchgate::tests::Received;
using launchgate::tests::TestServer;
using launchgate::tests::TlsIdentity;

namespace {

void hello(const Received&, Connection& c) { c.reply(200, "hello"); }

struct Client {
  SystemClock clock;
  std::unique_ptr<Http> http = make_curl_http(clock);
  testing::TempDir files;
  Request request;

  explicit Client(const std::string& url) {
    request.url = url;
    request.timeout_ms = 3000;
  }
  std::string file(const std::string& name, const std::string& text) {
    files.write(name, text);
    return files.path() + "/" + name;
  }
  Client& trusting(const TlsIdentity& identity) {
    request.tls.ca_file = file("ca.pem", identity.certificate());
    return *this;
  }
  Response send() { return http->send(request); }
};

}  // namespace

TEST_CASE("a certificate nobody vouches for is refused; with its CA named it is taken, timed, and its end is known") {
  const TlsIdentity identity;
  TestServer server(hello, {identity});
  CHECK(Client(server.url("/")).send().failure == Failure::tls);
  CHECK(server.count() == 0);
  Client client(server.url("/"));
  client.trusting(identity);
  const Response r = client.send(), again = client.send();
  REQUIRE_MESSAGE(r.ok(), r.error);
  CHECK(r.body == "hello");
  CHECK(again.hops.at(0).reused);
  CHECK(again.certificate_expires == r.certificate_expires);
  CHECK(r.hops.at(0).phases.tls > 0);
  CHECK(r.hops.at(0).phases.connect > 0);
  CHECK(r.certificate_expires == doctest::Approx(static_cast<double>(std::time(nullptr) + 3600)).epsilon(0.0001));
}

TEST_CASE("a certificate for another name is refused, whoever signed it") {
  const TlsIdentity identity("DNS:other.example");
  TestServer server(hello, {identity});
  CHECK(Client(server.url("/")).trusting(identity).send().failure == Failure::tls);
  CHECK(server.count() == 0);
}

TEST_CASE("a pinned key is held to") {
  const TlsIdentity identity, other;
  TestServer server(hello, {identity});
  Client client(server.url("/"));
  client.trusting(identity);
  client.request.tls.pinned_key = other.pin();
  CHECK(client.send().failure == Failure::tls);
  client.request.tls.pinned_key = identity.pin();
  CHECK(client.send().ok());
}

TEST_CASE("a server that asks for a client certificate gets the one that is configured") {
  const TlsIdentity identity, ours, strangers;
  TestServer server(hello, {identity, &ours});
  Client client(server.url("/"));
  client.trusting(identity);
  CHECK_FALSE(client.send().ok());
  const auto show = [&](const TlsIdentity& who) {
    client.request.tls.cert_file = client.file("cert.pem", who.certificate());
    client.request.tls.key_file = client.file("key.pem", who.private_key());
    client.request.fresh = true;
    return client.send();
  };
  CHECK_FALSE(show(strangers).ok());
  CHECK(server.count() == 0);
  CHECK(show(ours).ok());
}

TEST_CASE("HTTP/2 is spoken where it is offered, unless HTTP/1.1 is asked for") {
  const TlsIdentity identity;
  TestServer server(hello, {identity, nullptr, true});
  Client client(server.url("/"));
  client.trusting(identity);
  Response r = client.send();
  REQUIRE_MESSAGE(r.ok(), r.error);
  CHECK(r.hops.at(0).protocol == "HTTP/2");
  CHECK(r.status == 200);
  client.request.version = "1.1";
  r = client.send();
  REQUIRE_MESSAGE(r.ok(), r.error);
  CHECK(r.hops.at(0).protocol == "HTTP/1.1");
  CHECK(r.body == "hello");
}

TEST_CASE("from https down to http is refused; from http up to https the request goes on as it was") {
  const TlsIdentity identity;
  TestServer plain([](const Received&, Connection& c) { c.reply(200, "plain"); });
  TestServer down([&](const Received&, Connection& c) { c.reply(302, "", {"Location: " + plain.url("/")}); },
                  {identity});
  const Response refused = Client(down.url("/")).trusting(identity).send();
  CHECK(refused.failure == Failure::redirect_refused);
  CHECK(plain.count() == 0);

  TestServer secure([](const Received& r, Connection& c) { c.reply(200, r.method + r.body + r.header("X-Key")); },
                    {identity});
  TestServer up([&](const Received&, Connection& c) { c.reply(307, "", {"Location: " + secure.url("/")}); });
  Client client(up.url("/"));
  client.trusting(identity);
  client.request.method = "POST";
  client.request.body = "=1";
  client.request.headers = {{"X-Key", "k"}};
  CHECK(client.send().body == "POST=1k");
}

TEST_CASE("a proxy is used when one is named, but for the hosts that go without") {
  TestServer server(hello);
  TestServer proxy([](const Received& r, Connection& c) { c.reply(200, "by proxy: " + r.target); });
  Client client("http://site.example:" + std::to_string(server.port()) + "/x");
  client.request.resolve = {{"site.example", 0, "127.0.0.1"}};
  client.request.proxy = proxy.origin();
  CHECK(client.send().body == "by proxy: " + client.request.url);
  client.request.no_proxy = "site.example";
  CHECK(client.send().body == "hello");
  client.request.no_proxy.clear();
  client.request.proxy = "";
  CHECK(client.send().body == "hello");
  CHECK(proxy.count() == 1);
}

TEST_CASE("a server on this machine is never asked through the environment's proxy, others are") {
  TestServer server(hello);
  TestServer proxy([](const Received&, Connection& c) { c.reply(200, "by proxy"); });
  ::setenv("http_proxy", proxy.origin().c_str(), 1);
  CHECK(Client(server.url("/")).send().body == "hello");
  CHECK(Client("http://site.example/").send().body == "by proxy");
  ::unsetenv("http_proxy");
}

TEST_CASE("an address that was named for one request is not used for the next") {
  TestServer server(hello);
  Client client("http://site.invalid:" + std::to_string(server.port()) + "/");
  client.request.proxy = "";
  client.request.resolve = {{"site.invalid", 0, "127.0.0.1"}};
  CHECK(client.send().ok());
  client.request.resolve.clear();
  CHECK(client.send().failure == Failure::dns);
  client.request.resolve = {{"site.invalid", server.port(), "127.0.0.1"}};
  CHECK(client.send().ok());
}

TEST_CASE("nor for the host that the next is led on to") {
  TestServer server([](const Received& r, Connection& c) {
    if (r.header("Host").starts_with("site.invalid")) return c.reply(200, "there");
    c.reply(302, "", {"Location: http://site.invalid" + r.header("Host").substr(r.header("Host").find(':')) + "/"});
  });
  Client client(server.url("/"));
  client.request.proxy = "";
  client.request.allow_hosts = {"site.invalid"};
  client.request.resolve = {{"site.invalid", 0, "127.0.0.1"}};
  CHECK(client.send().body == "there");
  client.request.resolve.clear();
  client.request.fresh = true;
  CHECK(client.send().failure == Failure::dns);
}

TEST_CASE("nothing is kept of connections that are to be forgotten") {
  TestServer server(hello);
  Client client(server.url("/"));
  CHECK(client.send().ok());
  CHECK(client.send().hops.at(0).reused);
  client.http->forget_connections();
  CHECK_FALSE(client.send().hops.at(0).reused);
  CHECK(server.connections() == 2);
}
