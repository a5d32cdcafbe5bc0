package site;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Spring Security as it comes: its own login page, its CSRF token, one user from the environment. */
@SpringBootApplication
@RestController
public class Site {
  public static void main(String[] arguments) {
    SpringApplication.run(Site.class, arguments);
  }

  @GetMapping("/home")
  String home() {
    return "Signed in. Sign out";
  }
}
