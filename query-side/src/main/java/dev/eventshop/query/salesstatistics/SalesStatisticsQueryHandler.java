package dev.eventshop.query.salesstatistics;

import dev.eventshop.access.AccessRules;
import dev.eventshop.query.cache.ViewCache;
import dev.eventshop.query.cache.ViewCaches;
import dev.eventshop.query.salesstatistics.SalesStatistics.BestSeller;
import dev.eventshop.query.salesstatistics.SalesStatistics.Bucket;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Adds up whole days from what was counted for each, and the orders themselves only on the days that the period cuts
 * through; so the cost grows with the days, not with the orders.
 */
@Component
class SalesStatisticsQueryHandler {

    private static final int BEST_SELLERS = 10;

    private static final String CUT_ORDERS = """
            sales_order o
             where not cancelled
               and (created_at >= cast(:firstFrom as timestamptz) and created_at < cast(:firstTo as timestamptz)
                    or created_at >= cast(:lastFrom as timestamptz) and created_at < cast(:lastTo as timestamptz))
            """;

    private static final String BUCKETS = """
            select day, sum(orders) as orders, sum(units) as units, sum(revenue) as revenue
              from (select day, orders, units, revenue
                      from sales_day
                     where day >= cast(:fromDay as date) and day < cast(:toDay as date)
                    union all
                    select cast(created_at at time zone 'UTC' as date), 1, units, revenue
                      from %s) as parts
             group by day
            having sum(orders) <> 0
             order by day
            """.formatted(CUT_ORDERS);

    private static final String SOLD = """
            (select day, product_id, product_name, units, revenue
               from sales_product_day
              where day >= cast(:fromDay as date) and day < cast(:toDay as date)
             union all
             select cast(created_at at time zone 'UTC' as date), "productId", "productName", quantity,
                    quantity * "unitPrice"
               from (select created_at, items from %s) as cut,
                    json_to_recordset(items)
                        as item ("productId" integer, "productName" text, quantity bigint, "unitPrice" numeric)
            ) as sold
            """.formatted(CUT_ORDERS);

    /** The names of the best only: to have them for all products takes as long as all the rest. */
    private static final String BEST = """
            with best as (
                select product_id, sum(units) as units, sum(revenue) as revenue
                  from %s
                 group by product_id
                having sum(units) <> 0
                 order by units desc, product_id
                 limit :limit),
            named as (
                select distinct on (product_id) product_id, product_name
                  from %s
                 where product_id in (select product_id from best)
                 order by product_id, day desc)
            select product_id, product_name, units, revenue
              from best join named using (product_id)
             order by units desc, product_id
            """.formatted(SOLD, SOLD);

    private final AccessRules rules;
    private final JdbcClient jdbc;
    private final ViewCache<SalesStatistics> cache;

    SalesStatisticsQueryHandler(AccessRules rules, JdbcClient jdbc, ViewCaches caches) {
        this.rules = rules;
        this.jdbc = jdbc;
        this.cache = caches.of("sales", SalesStatistics.class);
    }

    SalesStatistics handle(FindSalesStatistics query) {
        rules.check(query);
        return cache.find(query.period(), query.fresh(), () -> Optional.of(addUp(query)))
                .orElseThrow();
    }

    private SalesStatistics addUp(FindSalesStatistics query) {
        Period period = Period.of(query.from(), query.to());
        return new SalesStatistics(
                period.restrict(jdbc.sql(BUCKETS))
                        .query((row, number) -> new Bucket(
                                row.getObject("day", LocalDate.class)
                                        .atStartOfDay(ZoneOffset.UTC)
                                        .toInstant(),
                                row.getLong("orders"),
                                row.getLong("units"),
                                row.getBigDecimal("revenue")))
                        .list(),
                period.restrict(jdbc.sql(BEST))
                        .param("limit", BEST_SELLERS)
                        .query((row, number) -> new BestSeller(
                                row.getInt("product_id"),
                                row.getString("product_name"),
                                row.getLong("units"),
                                row.getBigDecimal("revenue")))
                        .list());
    }

    /**
     * A period taken apart, all half-open.
     *
     * @param fromDay  first whole day; as PostgreSQL reads it
     * @param toDay    behind the last whole day; not after {@code fromDay} when there is none
     * @param firstFrom, firstTo the part of the first day, when it is not whole
     * @param lastFrom,  lastTo  the part of the last day, when it is not whole
     */
    record Period(String fromDay, String toDay, Instant firstFrom, Instant firstTo, Instant lastFrom, Instant lastTo) {

        private static final Instant NONE = Instant.EPOCH;

        static Period of(@Nullable Instant from, @Nullable Instant to) {
            Instant fromDay = from == null ? null : ceiling(from);
            Instant toDay = to == null ? null : to.truncatedTo(ChronoUnit.DAYS);
            if (fromDay != null && toDay != null && fromDay.isAfter(toDay)) { // within one day
                return new Period("infinity", "-infinity", from, to, NONE, NONE);
            }
            return new Period(
                    fromDay == null ? "-infinity" : day(fromDay),
                    toDay == null ? "infinity" : day(toDay),
                    from == null ? NONE : from,
                    fromDay == null ? NONE : fromDay,
                    toDay == null ? NONE : toDay,
                    to == null ? NONE : to);
        }

        private static Instant ceiling(Instant instant) {
            Instant day = instant.truncatedTo(ChronoUnit.DAYS);
            return day.equals(instant) ? day : day.plus(1, ChronoUnit.DAYS);
        }

        private static String day(Instant start) {
            return LocalDate.ofInstant(start, ZoneOffset.UTC).toString();
        }

        JdbcClient.StatementSpec restrict(JdbcClient.StatementSpec statement) {
            return statement
                    .param("fromDay", fromDay)
                    .param("toDay", toDay)
                    .param("firstFrom", firstFrom.toString())
                    .param("firstTo", firstTo.toString())
                    .param("lastFrom", lastFrom.toString())
                    .param("lastTo", lastTo.toString());
        }
    }
}
