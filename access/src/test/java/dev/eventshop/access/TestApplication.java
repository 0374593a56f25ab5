package dev.eventshop.access;

import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A service with nothing but what every service gets, and an endpoint of each kind. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        excludeName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration") // there is no database
@Import(TestApplication.Endpoints.class)
class TestApplication {

    @AllowedTo({Role.CUSTOMER, Role.STAFF})
    record FindThing() {}

    @AllowedTo(Role.STAFF)
    record MakeThing(String name) {}

    record InternalStep() {}

    @RestController
    static class Endpoints {

        private final AccessRules rules;

        Endpoints(AccessRules rules) {
            this.rules = rules;
        }

        @GetMapping("/thing")
        @Performs(FindThing.class)
        Map<String, Object> thing(Caller caller) {
            rules.check(new FindThing());
            return Map.of(
                    "issuer", caller.issuer(),
                    "subject", caller.subject(),
                    "roles", caller.roles().stream().map(Role::claim).sorted().toList());
        }

        @PostMapping("/thing")
        @Performs(MakeThing.class)
        List<String> make(@RequestBody Map<String, String> body) {
            return List.of(String.valueOf(body.get("name")));
        }

        @PostMapping("/own-thing")
        @Performs(FindThing.class)
        List<String> write() {
            return List.of();
        }

        @GetMapping("/admin")
        @AllowedTo(Role.OPERATOR)
        List<String> admin() {
            return List.of();
        }

        /** An endpoint whose rule is laxer than that of what it does. */
        @GetMapping("/careless")
        @Performs(FindThing.class)
        List<String> careless() {
            rules.check(new MakeThing("x"));
            return List.of();
        }

        @GetMapping("/internal")
        @Performs(InternalStep.class)
        List<String> internal() {
            return List.of();
        }

        @GetMapping("/forgotten")
        List<String> forgotten() {
            return List.of();
        }
    }
}
