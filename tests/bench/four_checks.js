// The four checks of `./dev bench smoke` as a k6 script, to be timed beside it. What k6 has no word for (two in a row,
// a release, a verdict) it does not do here either.
import http from "k6/http";
import { check } from "k6";

export const options = { vus: 1, iterations: 1, thresholds: { checks: ["rate==1"] } };
const site = __ENV.SITE;

function signIn(user, password) {
  http.cookieJar().clear(site);
  const page = http.get(site + "/login");
  return page.submitForm({ formSelector: "#login", fields: { user: user, password: password } });
}

export default function () {
  for (let i = 0; i < 21; ++i)
    check(http.get(site + "/login"), { "login page": (r) => r.status === 200 && r.html().find("#login").size() === 1 });
  check(http.get(site + "/api/health"), { api: (r) => r.status === 200 && r.json("status") === "ok" });
  for (let i = 0; i < 10; ++i)
    check(signIn("bench", __ENV.PASSWORD), { "signed in": (r) => r.body.includes("Sign out") });
  check(http.get(site + "/dashboard"), { dashboard: (r) => r.status === 200 && r.body.includes("Sign out") });
  http.cookieJar().clear(site);
  check(http.get(site + "/dashboard"), { "a stranger is denied": (r) => !r.body.includes("Sign out") });
}
