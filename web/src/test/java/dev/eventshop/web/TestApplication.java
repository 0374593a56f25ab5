package dev.eventshop.web;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** A service with nothing but what every service gets. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(TestApplication.ThingController.class)
class TestApplication {

    static final String SECRET = "select secret from org.example.Internals";

    @Bean
    HealthIndicator rabbitHealthIndicator() {
        return () -> Health.down().withDetail("broker", "gone").build();
    }

    @Bean
    HealthIndicator dbHealthIndicator() {
        return () -> Health.up().build();
    }

    @Bean
    FilterRegistrationBean<FailingFilter> failingFilter() {
        FilterRegistrationBean<FailingFilter> registration = new FilterRegistrationBean<>(new FailingFilter());
        registration.addUrlPatterns("/filtered/*");
        return registration;
    }

    static final class FailingFilter implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) throws IOException {
            if (((HttpServletRequest) request).getRequestURI().endsWith("/sent")) {
                ((HttpServletResponse) response).sendError(409, SECRET);
                return;
            }
            throw new IllegalStateException(SECRET);
        }
    }

    private static final AtomicInteger ONES = new AtomicInteger();

    /** @return how often a {@link One} was posted */
    static int ones() {
        return ONES.get();
    }

    enum Colour {
        RED,
        BLUE
    }

    record Order(
            @NotNull @Min(1) Integer userId,
            @Size(min = 1, max = 20) @Nullable String name,
            @Nullable String note,
            @Nullable BigDecimal price,
            @Nullable Instant at,
            @Nullable Colour colour,
            @Nullable Boolean gift,
            @Valid @NotEmpty List<@NotNull Item> items) {}

    record Item(@Max(100) int quantity, long productId) {}

    record One(@Nullable Integer stock) {}

    record Answer(
            @Nullable BigDecimal price,
            @Nullable Instant at,
            @Nullable String nothing,
            @Nullable String text) {}

    @RestController
    static class ThingController {

        @PostMapping("/orders")
        Answer order(@Valid @RequestBody Order order) {
            return new Answer(order.price(), order.at(), null, order.name());
        }

        @PostMapping("/one")
        One one(@RequestBody One one) {
            ONES.incrementAndGet();
            return one;
        }

        @UnknownId(code = "THING_NOT_FOUND", detail = "There is no such thing.")
        @GetMapping("/things/{id}")
        @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
        @ApiResponse(responseCode = "409", description = "THING_BUSY", content = @Content)
        One thing(@PathVariable int id) {
            return new One(id);
        }

        @GetMapping("/things")
        Page<String> things(
                @Parameter(description = "how many") Limit limit,
                ReadAfter after,
                ETags.Condition ifMatch,
                @RequestParam(required = false) @Min(0) @Nullable Integer minStock,
                @RequestParam(required = false) @Nullable Instant from,
                @RequestParam(required = false) @Nullable Colour colour,
                @RequestParam(required = false) @Nullable String search,
                @RequestParam(required = false) @Nullable String cursor) {
            String decoded = Cursor.decode(cursor, "things", 1, keys -> keys.get(0));
            return new Page<>(List.of(limit.value() + "/" + after.patience().toSeconds()), decoded);
        }

        @GetMapping("/numbers/{id}")
        One number(@PathVariable long id) {
            return new One((int) id);
        }

        @GetMapping("/stream")
        SseEmitter stream() throws IOException {
            SseEmitter emitter = new SseEmitter(10_000L);
            emitter.send("first");
            emitter.completeWithError(new IllegalStateException(SECRET));
            return emitter;
        }

        @GetMapping("/required")
        One required(@RequestParam int first, @RequestHeader("X-Number") int second) {
            return new One(first + second);
        }

        @GetMapping("/failures/{kind}")
        One failure(@PathVariable String kind) throws Exception {
            throw switch (kind) {
                case "conflict" -> Problems.conflict("ORDER_NOT_CANCELLABLE", "The order has been shipped.");
                case "database" ->
                    new RuntimeException(new SQLTransientConnectionException("pool of db.internal timed out"));
                case "later" -> ProblemException.retryLater("NOT_YET", "Not yet.");
                case "status" -> new ResponseStatusException(HttpStatus.CONFLICT, SECRET);
                case "error" -> new Overflown();
                default -> new IllegalStateException(SECRET);
            };
        }
    }

    static final class Overflown extends Exception {
        private static final long serialVersionUID = 1L;

        Overflown() {
            super(SECRET, new StackOverflowError(SECRET));
        }
    }
}
