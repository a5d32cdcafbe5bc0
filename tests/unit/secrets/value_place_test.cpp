#include "libscan/secrets/value_place.hpp"

#include <doctest/doctest.h>

using namespace launchgate;
using namespace launchgate::secrets;

TEST_CASE("a path says whether a file is there for show") {
  for (const char* path : {"spec/models/user.rb",
                           "src/login_test.go",
                           "UserTest.java",
                           "test_login.py",
                           "docs/api.yml",
                           "README.md",
                           "app/__tests__/a.js",
                           "login.spec.ts",
                           "app/src/androidTest/A.kt",
                           "Shop.UnitTests/A.cs",
                           "web/openapi.yaml",
                           ".github/workflows/ci.yml",
                           ".gitlab-ci.yml",
                           "docker-compose.test.yml",
                           ".env.test",
                           "cypress/login.ts",
                           "database/seeders/User.php",
                           "Login.stories.tsx",
                           "backend/.test.env",
                           "Shop.TestInfrastructure/A.cs",
                           "Shop.Web.E2E/Seed.cs",
                           "roles/a/molecule/default/vars.yml",
                           "requests/login.http",
                           "test_limits.sh",
                           "lib/shop-1.0.dist-info/METADATA",
                           "README",
                           "phpunit.xml.dist",
                           ".env.travis",
                           "charts/shop/ci/tls-values.yaml",
                           "helper/testhelpers/db.go",
                           "vault/testing.go",
                           "prisma/seed.ts",
                           "lib/tasks/fake_data.rake",
                           "inventory/sample/group_vars/all.yml",
                           "ui/mirage/handlers/login.js",
                           "openpgp/keys_test_data.go",
                           "public/Get-Shop.Tests.ps1",
                           "src/login_SUITE.erl",
                           "priv/templates/login_test.exs.eex",
                           "_examples/auth/auth.yml"}) {
    CAPTURE(path);
    CHECK(is_for_show(path));
  }
  for (const char* path :
       {"config/database.yml", "src/latest.go", "docker-compose.dev.yml", "contest/app.py", "a.py", ".env.example",
        "charts/shop/values.yaml", "ci-deploy.sh", "deploy/demo/app.yml", "scripts/seed_shop.py", "src/seedling.ts",
        "citizen/app.yml", "views/contest.html.erb", "config/test_limits.yml.eex.bak"}) {
    CAPTURE(path);
    CHECK_FALSE(is_for_show(path));
  }
}

TEST_CASE("a path says whether a file starts the program on a developer's machine") {
  for (const char* path : {"docker-compose.yml", "deploy/compose.yaml", "application-local.yml", ".env.development"}) {
    CAPTURE(path);
    CHECK(is_for_development(path));
  }
  for (const char* path : {"docker-compose.prod.yml", "production/docker-compose.yml", "application.yml", "local.py",
                           ".env", "dev/app.properties"}) {
    CAPTURE(path);
    CHECK_FALSE(is_for_development(path));
  }
}

TEST_CASE("of what is there for show, documents, descriptions and what tests read are told apart") {
  CHECK(is_document("docs/deploy.md"));
  CHECK_FALSE(is_document("tests/deploy.go"));
  CHECK(is_description("web/openapi.yaml"));
  CHECK(is_description("api-docs/shop.yaml"));
  CHECK(is_description("docs/api-reference/admin.yaml"));
  CHECK_FALSE(is_description("api-docs/server.ts"));
  CHECK(is_lock_file("apps/shop/go.mod"));
  CHECK(is_example_file("config/application-secret-samples.yml"));
  CHECK(is_test_data("src/login_test.go"));
  CHECK(is_test_data("pkg/testdata/users.json"));
  CHECK_FALSE(is_test_data("tests/settings.yml"));
  CHECK_FALSE(is_test_data("docs/login.md"));
  CHECK(is_named_for_development("application-dev.yml"));
  CHECK_FALSE(is_named_for_development("docker-compose.yml"));
}

TEST_CASE("a folder of languages holds texts") {
  CHECK(holds_texts("application/language/danish/shop_lang.php"));
  CHECK(holds_texts("resources/lang/da/auth.php"));
  CHECK_FALSE(holds_texts("src/language/Parser.java"));
  CHECK(file_kind("src/Localization/Sources/Shop-da.xml") == FileKind::translation);
  CHECK(file_kind("src/Local/Sources/Shop-da.xml") == FileKind::settings);
}

TEST_CASE("a path says whether tests read what is in a file, and not run with it") {
  for (const char* path :
       {"src/test/resources/realm.yml", "shop/src/jvmTest/resources/a.txt", "test/config_SUITE_data/shop.snippets",
        "tests/Get-Shop.Tests.ps1", "a/keys_test_data.go", "t/model/22-author.t"}) {
    CAPTURE(path);
    CHECK(is_test_data(path));
  }
  for (const char* path :
       {"src/main/resources/realm.yml", "src/test/resources/application.conf", "src/test/resources/mail.properties",
        "src/test/resources/spring/security.xml", "src/test/resources/application-it.yml", "contest/resources/a.conf",
        "test/shop.conf", "scripts/Deploy.Contests.ps1", "src/test_data.go.yml", "a/SUITE_data.yml"}) {
    CAPTURE(path);
    CHECK_FALSE(is_test_data(path));
  }
  CHECK(is_powershell("a/Get-Shop.psm1"));
  CHECK_FALSE(is_powershell("ps1/a.sh"));
}
