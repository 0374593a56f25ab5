package dev.eventshop.benchmarks.stock;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Numbers of products, orders and users, taken by the hundred as the command side does. */
@Component
class Numbers {

    private static final int BLOCK = 100;

    private final JdbcTemplate jdbc;
    private int next;
    private int end;

    Numbers(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        jdbc.execute("create sequence if not exists number as integer increment by " + BLOCK + " start with 1");
    }

    synchronized int next() {
        if (next == end) {
            next = jdbc.queryForObject("select nextval('number')", Integer.class);
            end = next + BLOCK;
        }
        return next++;
    }
}
