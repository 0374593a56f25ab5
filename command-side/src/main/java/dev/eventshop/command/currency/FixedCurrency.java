package dev.eventshop.command.currency;

import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Holds the shop to one currency. The first event writes it down, in its own transaction; from then on an instance that
 * is configured with another one does not start, and one that started before that adds no event.
 */
@ProcessingGroup(FixedCurrency.GROUP)
final class FixedCurrency implements InitializingBean {

    /** Runs in the transaction of the events. */
    static final String GROUP = "fixed-currency";

    private final JdbcTemplate jdbc;
    private final ShopCurrency configured;
    private volatile boolean fixed;

    FixedCurrency(JdbcTemplate jdbc, ShopCurrency configured) {
        this.jdbc = jdbc;
        this.configured = configured;
    }

    @Override
    public void afterPropertiesSet() {
        Optional<String> stored = stored();
        stored.ifPresent(this::requireConfigured);
        fixed = stored.isPresent();
    }

    @EventHandler
    void on(Object anyEvent) {
        if (fixed) {
            return;
        }
        jdbc.update(
                "insert into command_side.shop_currency (code) values (?) on conflict do nothing", configured.code());
        stored().ifPresent(this::requireConfigured);
        CurrentUnitOfWork.get().root().afterCommit(u -> fixed = true);
    }

    private Optional<String> stored() {
        return Optional.ofNullable(DataAccessUtils.singleResult(
                jdbc.queryForList("select code from command_side.shop_currency", String.class)));
    }

    private void requireConfigured(String stored) {
        if (!stored.equals(configured.code())) {
            throw new CurrencyChanged(stored, configured.code());
        }
    }
}
