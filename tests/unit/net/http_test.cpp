// The real Http port against a server that misbehaves.
#include "libscan/net/http.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <libdeflate.h>
#include <netinet/in.h>

#include <chrono>
#include <string>
#include <thread>

#include "libscan/net/http_curl.hpp"
#include "libscan/net/metadata_address.hpp"
#include "tests/support/test_server.hpp"

using namespace launchgate;
using namespace launchgate::net;
using launchgate::tests::Connection;
using launchgate::tests::Received;
using launchgate::tests::TestServer;

namespace {

struct Real {
  SystemClock clock;
  std::unique_ptr<Http> http = make_curl_http(clock);
  Response get(const std::string& url) { return http->send(request(url)); }
  static Request request(const std::string& url) {
    Request r;
    r.url = url;
    r.timeout_ms = 3000;
    return r;
  }
};

std::string gzip(const std::string& text) {
  libdeflate_compressor* c = libdeflate_alloc_compressor(9);
  std::string out(libdeflate_gzip_compress_bound(c, text.size()), '\0');
  out.resize(libdeflate_gzip_compress(c, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(c);
  return out;
}

}  // namespace

TEST_CASE("a plain response arrives whole, with its phases adding up") {
  TestServer server([](const Received&, Connection& c) { c.reply(200, "hello", {"X-A: b"}); });
  Real real;
  const Response r = real.get(server.url("/x?y=1"));
  REQUIRE(r.ok());
  CHECK(r.status == 200);
  CHECK(r.body == "hello");
  REQUIRE(r.header("x-a") != nullptr);
  CHECK(*r.header("x-a") == "b");
  REQUIRE(r.hops.size() == 1);
  CHECK(r.hops[0].address == "127.0.0.1");
  CHECK(r.hops[0].protocol == "HTTP/1.1");
  CHECK(r.hops[0].phases.total() > 0);
  CHECK(r.hops[0].phases.total() <= r.total_ms + 1);
  CHECK(server.log().at(0).target == "/x?y=1");
}

TEST_CASE("each phase is timed by itself, and one deadline holds over all hops") {
  const auto pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(60)); };
  TestServer server([&](const Received& r, Connection& c) {
    if (r.path == "/wait") return pause(), c.reply(200, "x");
    if (r.path == "/transfer") {
      c.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
      return pause(), (void)c.send("b");
    }
    pause(), c.reply(302, "", {"Location: " + r.path + "x"});
  });
  Real real;
  const Phases wait = real.get(server.url("/wait")).hops.at(0).phases;
  CHECK(wait.wait >= 55);
  CHECK(wait.transfer < 55);
  const Phases transfer = real.get(server.url("/transfer")).hops.at(0).phases;
  CHECK(transfer.transfer >= 55);
  CHECK(transfer.wait < 55);
  CHECK(real.get("http://localhost:" + std::to_string(server.port()) + "/wait").hops.at(0).phases.dns > 0);
  CHECK(wait.dns + wait.connect < 55);
  Request chain = Real::request(server.url("/"));
  chain.timeout_ms = 150;  // each hop takes less, three of them take more
  const Response r = real.http->send(chain);
  CHECK(r.failure == Failure::timeout);
  CHECK(r.hops.size() >= 2);
  CHECK(r.total_ms < 600);
}

TEST_CASE("connections are reused unless a fresh one is asked for") {
  TestServer server([](const Received&, Connection& c) { c.reply(200); });
  Real real;
  (void)real.get(server.url("/"));
  const Response second = real.get(server.url("/"));
  CHECK(second.hops.at(0).reused);
  CHECK(second.hops.at(0).phases.connect == 0);
  CHECK(server.connections() == 1);
  Request fresh = Real::request(server.url("/"));
  fresh.fresh = true;
  CHECK_FALSE(real.http->send(fresh).hops.at(0).reused);
  CHECK(server.connections() == 2);
}

TEST_CASE("each fault has its name") {
  TestServer server([](const Received& r, Connection& c) {
    if (r.path == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(400)), c.reply(200);
    if (r.path == "/reset") c.reset();
    if (r.path == "/half") c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), c.close();
    if (r.path == "/nothing") c.close();
    if (r.path == "/noise") c.send("220 smtp.example ESMTP\r\n"), c.close();
    if (r.path == "/endless") {
      c.send("HTTP/1.1 200 OK\r\n\r\n");
      const std::string block(1 << 16, 'x');
      while (c.send(block)) {
      }
    }
    if (r.path == "/flood") {
      c.send("HTTP/1.1 200 OK\r\n");
      while (c.send("X-Flood: " + std::string(1000, 'x') + "\r\n")) {
      }
    }
    if (r.path == "/flood-small") {
      c.send("HTTP/1.1 200 OK\r\n");
      for (int i = 0; i < 2000 && c.send("A: b\r\n"); ++i) {
      }
      c.send("\r\n");
    }
  });
  Real real;
  Request slow = Real::request(server.url("/slow"));
  slow.timeout_ms = 100;
  CHECK(real.http->send(slow).failure == Failure::timeout);
  CHECK(real.get(server.url("/reset")).failure == Failure::reset);
  CHECK(real.get(server.url("/half")).failure == Failure::reset);
  CHECK(real.get(server.url("/nothing")).failure == Failure::reset);
  CHECK_FALSE(real.get(server.url("/noise")).ok());
  Request endless = Real::request(server.url("/endless"));
  endless.max_body = 100'000;
  const Response cut = real.http->send(endless);
  CHECK(cut.failure == Failure::body_too_large);
  CHECK(cut.body.size() == 100'000);
  CHECK(real.get(server.url("/flood")).failure == Failure::header_too_large);
  CHECK(real.get(server.url("/flood-small")).failure == Failure::header_too_large);
  CHECK(real.get("http://127.0.0.1:" + std::to_string(tests::closed_port()) + "/").failure == Failure::connect);
  CHECK(real.get("http://no-such-name.invalid/").failure == Failure::dns);
  CHECK(real.get("file:///etc/passwd").failure == Failure::bad_url);
}

TEST_CASE("the body cap counts what a compressed body becomes") {
  const std::string bomb = gzip(std::string(20 << 20, '\0'));
  TestServer server([&](const Received&, Connection& c) { c.reply(200, bomb, {"Content-Encoding: gzip"}); });
  Real real;
  Request r = Real::request(server.url("/"));
  r.max_body = 1 << 20;
  const Response out = real.http->send(r);
  CHECK(bomb.size() < 100'000);
  CHECK(out.failure == Failure::body_too_large);
  CHECK(out.body.size() == 1 << 20);
  r.max_body = 32 << 20;
  CHECK(real.http->send(r).body.size() == 20 << 20);
}

TEST_CASE("redirects are followed hop by hop, within the site") {
  TestServer elsewhere([](const Received&, Connection& c) { c.reply(200, "elsewhere"); });
  TestServer server([&](const Received& r, Connection& c) {
    const auto to = [&](const std::string& where, int status = 302) { c.reply(status, "", {"Location: " + where}); };
    if (r.path == "/a") return to("b");
    if (r.path == "/b") return to("/c?x");
    if (r.path == "/c") return c.reply(200, "end");
    if (r.path == "/loop") return to("/loop");
    if (r.path == "/file") return to("file:///etc/passwd");
    if (r.path == "/meta") return to("http://169.254.169.254/latest/meta-data/");
    if (r.path == "/user") return to("http://a:b@127.0.0.1/");
    if (r.path == "/post") return to("/seen");
    if (r.path == "/see-other") return to("/seen", 303);
    if (r.path == "/keep") return to("/seen", 307);
    if (r.path == "/other-307") return to("http://localhost:" + std::to_string(elsewhere.port()) + "/", 307);
    if (r.path == "/other") return to("http://localhost:" + std::to_string(elsewhere.port()) + "/");
    c.reply(200, r.method + " " + r.body);
  });
  Real real;
  const Response r = real.get(server.url("/a"));
  REQUIRE(r.ok());
  CHECK(r.body == "end");
  CHECK(r.hops.size() == 3);
  CHECK(r.url == server.url("/c?x"));
  CHECK(real.get(server.url("/loop")).failure == Failure::redirect_loop);
  for (const char* path : {"/file", "/meta", "/user", "/other"}) {
    CAPTURE(path);
    CHECK(real.get(server.url(path)).failure == Failure::redirect_refused);
  }
  CHECK(elsewhere.count() == 0);

  Request post = Real::request(server.url("/post"));
  post.method = "POST";
  post.body = "a=b";
  CHECK(real.http->send(post).body == "GET ");
  post.url = server.url("/keep");
  CHECK(real.http->send(post).body == "POST a=b");

  post.url = server.url("/see-other");
  CHECK(real.http->send(post).body == "GET ");
  Request head = Real::request(server.url("/see-other"));  // what asks for no body is not given one
  head.method = "HEAD";
  CHECK(real.http->send(head).status == 200);
  CHECK(server.log().back().method == "HEAD");

  Request allowed = Real::request(server.url("/other"));
  allowed.allow_hosts = {"localhost"};
  allowed.headers = {{"X-Api-Key", "k"}, {"Authorization", "Bearer t"}, {"Accept", "text/html"}};
  CHECK(real.http->send(allowed).body == "elsewhere");
  // A body goes to no other host, named or not: the redirect's target did not ask for it, and it may hold a password.
  Request body = allowed;
  body.method = "POST";
  body.body = "pass=1";
  body.url = server.url("/other-307");
  CHECK(real.http->send(body).failure == Failure::redirect_refused);
  CHECK(elsewhere.count() == 1);
  const Received seen = elsewhere.log().at(0);
  CHECK(seen.header("X-Api-Key").empty());
  CHECK(seen.header("Authorization").empty());
  CHECK(seen.header("Accept") == "text/html");
}

TEST_CASE("another port of the same host is another program: it gets no credentials and no body") {
  TestServer other([](const Received& r, Connection& c) { c.reply(200, r.body); });
  TestServer server([&](const Received& r, Connection& c) {
    c.reply(r.path == "/307" ? 307 : 302, "", {"Location: " + other.url("/")});
  });
  Real real;
  Request r = Real::request(server.url("/302"));
  r.headers = {{"Authorization", "Bearer t"}, {"X-Api-Key", "k"}, {"Accept", "text/html"}};
  CHECK(real.http->send(r).ok());
  REQUIRE(other.count() == 1);
  CHECK(other.log().at(0).header("Authorization").empty());
  CHECK(other.log().at(0).header("X-Api-Key").empty());
  CHECK(other.log().at(0).header("Accept") == "text/html");
  r.method = "POST";
  r.body = "pass=1";
  r.url = server.url("/307");
  CHECK(real.http->send(r).failure == Failure::redirect_refused);
  CHECK(other.count() == 1);
}

TEST_CASE("a host that is named may lead back home, without what it was not given; a form that became a GET says so") {
  TestServer server([&](const Received& r, Connection& c) {
    const std::string port = r.header("Host").substr(r.header("Host").find(':'));
    if (r.path == "/out") return c.reply(302, "", {"Location: http://localhost" + port + "/back"});
    if (r.path == "/back") return c.reply(302, "", {"Location: http://127.0.0.1" + port + "/home"});
    if (r.path == "/form") return c.reply(303, "", {"Location: /home"});
    c.reply(200, r.header("Authorization") + r.header("Content-Type") + r.header("Origin") + r.header("X-Kept"));
  });
  Real real;
  Request r = Real::request(server.url("/out"));
  r.allow_hosts = {"localhost"};
  r.headers = {{"Authorization", "Bearer t"}};
  const Response back = real.http->send(r);
  REQUIRE_MESSAGE(back.ok(), back.error);
  CHECK(back.hops.size() == 3);
  CHECK(back.body.empty());
  Request form = Real::request(server.url("/form"));
  form.method = "POST";
  form.body = "a=b";
  form.headers = {{"Content-Type", "text/plain"}, {"Origin", server.origin()}, {"X-Kept", "kept"}};
  CHECK(real.http->send(form).body == "kept");
}

TEST_CASE("a name that leads to where a cloud's metadata lives is refused, in every spelling of the address") {
  Real real;
  for (const char* address :
       {"169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254",
        "fe80::a9fe:a9fe", "::ffff:169.254.169.254", "::169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1"}) {
    CAPTURE(address);
    Request r = Real::request("http://metadata.example/latest/");
    r.resolve = {{"metadata.example", 80, address}};
    r.timeout_ms = 1000;
    r.proxy = "";
    CHECK(real.http->send(r).failure == Failure::redirect_refused);
  }
}

TEST_CASE("a redirect to a metadata address is refused even when the configuration lets its spelling through") {
  const std::string spellings[] = {"169.254.169.254", "2852039166",      "0xa9fea9fe",        "0251.0376.0251.0376",
                                   "169.254.43518",   "[fd00:ec2::254]", "[::ffff:a9fe:a9fe]"};
  for (const std::string& host : spellings) {
    CAPTURE(host);
    TestServer server(
        [&](const Received&, Connection& c) { c.reply(302, "", {"Location: http://" + host + "/latest/meta-data/"}); });
    Real real;
    Request r = Real::request(server.url("/"));
    r.proxy = "";
    CHECK(real.http->send(r).failure == Failure::redirect_refused);
    r.allow_hosts = {host};
    const Response let_through = real.http->send(r);
    CHECK(let_through.failure == Failure::redirect_refused);
    CHECK_MESSAGE(let_through.hops.size() == 2, "the address itself, not the host, must have stopped it");
  }
}

TEST_CASE("addresses that are only near those of metadata are sites like any other") {
  for (const char* address : {"127.0.0.1", "169.253.1.1", "100.100.100.201", "10.0.0.1", "8.8.8.8"}) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    REQUIRE(::inet_pton(AF_INET, address, &v4.sin_addr) == 1);
    CHECK_FALSE(is_metadata_address(reinterpret_cast<const sockaddr*>(&v4)));
    CHECK_FALSE(spells_metadata_address(address));
  }
  for (const char* address : {"::1", "fd00:ec3::254", "fd12::1", "2002:a8fe::1", "::ffff:127.0.0.1", "2001:db8::1"})
    CHECK_FALSE(spells_metadata_address(address));
  CHECK(spells_metadata_address("169.254.1.1"));
  CHECK(spells_metadata_address("fe80::1"));
}

TEST_CASE("a value with a line end smuggles no header") {
  TestServer server([](const Received& r, Connection& c) { c.reply(200, r.header("X-Evil") + r.header("X-Good")); });
  Real real;
  Request r = Real::request(server.url("/"));
  r.headers = {{"X-A", "1\r\nX-Evil: 1"}, {"X-B: 1\r\nX-Evil", "1"}, {"X-Good", "yes"}};
  CHECK(real.http->send(r).body == "yes");
}

TEST_CASE("cookies travel within a jar and not without one") {
  TestServer server([](const Received& r, Connection& c) {
    if (r.path == "/set") return c.reply(302, "", {"Set-Cookie: session=s1; HttpOnly; Path=/", "Location: /see"});
    c.reply(200, "cookie:" + r.header("Cookie"));
  });
  Real real;
  CookieJar jar;
  Request r = Real::request(server.url("/set"));
  r.jar = &jar;
  CHECK(real.http->send(r).body == "cookie:session=s1");
  CHECK(real.get(server.url("/set")).body == "cookie:");
  REQUIRE(jar.find("session") != nullptr);
  CHECK(jar.find("session")->http_only);
}

TEST_CASE("IPv6 is asked by itself") {
  TestServer server([](const Received&, Connection& c) { c.reply(200, "six"); }, true);
  Real real;
  CHECK(real.get(server.url("/")).body == "six");
  Request r = Real::request("http://site.example:" + std::to_string(server.port()) + "/");
  r.proxy = "";
  r.resolve = {{"site.example", server.port(), "::1"}};
  r.family = Family::v6;
  CHECK(real.http->send(r).hops.at(0).address == "::1");
}

TEST_CASE("two hundred requests to a server that takes 20 ms each finish together") {
  TestServer server([](const Received&, Connection& c) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    c.reply(200, "x");
  });
  Real real;
  std::vector<Request> requests(200, Real::request(server.url("/")));
  const double start = real.clock.now_ms();
  const std::vector<Response> all = real.http->send_all(requests, 100);
  const double took = real.clock.now_ms() - start;
  CHECK(std::all_of(all.begin(), all.end(), [](const Response& r) { return r.ok() && r.body == "x"; }));
  CHECK(took < 2000);  // one after the other it is 4 s; `./dev bench` holds the real bar, this is a sanitizer build
}
