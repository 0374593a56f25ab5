package dev.eventshop.command.order.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.command.dispatch.Cause;
import dev.eventshop.command.product.ProductRefusals;
import dev.eventshop.command.product.ProductRejected;
import dev.eventshop.command.product.ReleaseStock;
import dev.eventshop.command.product.ReserveStock;
import dev.eventshop.events.product.ProductId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StockStepsTest {

    private static final List<OrderedItem> ITEMS =
            List.of(new OrderedItem(17, "Teapot", 3), new OrderedItem(18, "Cup", 1));

    private final List<Object> sent = new ArrayList<>();

    @Test
    void releaseTheOtherItemsBeforeTheyFail() {
        StockSteps steps = new StockSteps((command, cause) -> {
            sent.add(command);
            if (command.equals(new ReleaseStock(new ProductId(17), 5))) {
                throw ProductRefusals.stockOverflow();
            }
            return null;
        });

        assertThatThrownBy(() -> steps.take(step(FulfilmentStep.Kind.RELEASE))).isInstanceOf(ProductRejected.class);
        assertThat(sent)
                .containsExactly(new ReleaseStock(new ProductId(17), 5), new ReleaseStock(new ProductId(18), 5));
    }

    @Test
    void failWhenAReservationFailsForAnotherReasonThanTheStock() {
        StockSteps steps = new StockSteps((command, cause) -> {
            sent.add(command);
            throw new IllegalStateException("the database is down");
        });

        assertThatThrownBy(() -> steps.take(step(FulfilmentStep.Kind.RESERVE)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(sent).containsExactly(new ReserveStock(new ProductId(17), 5, 3));
    }

    @Test
    void sayWhatTheyComeOf() {
        List<Cause> causes = new ArrayList<>();
        StockSteps steps = new StockSteps((command, cause) -> {
            causes.add(cause);
            return null;
        });

        steps.take(step(FulfilmentStep.Kind.SHIP));

        assertThat(causes).containsExactly(new Cause("request-1", "00-trace"), new Cause("request-1", "00-trace"));
    }

    private static FulfilmentStep step(FulfilmentStep.Kind kind) {
        return new FulfilmentStep(kind, 5, ITEMS, "request-1", "00-trace");
    }
}
