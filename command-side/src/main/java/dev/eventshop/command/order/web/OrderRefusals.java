package dev.eventshop.command.order.web;

import dev.eventshop.command.dispatch.CommandRefused;
import dev.eventshop.command.http.Refusals;
import dev.eventshop.command.order.OrderRejected;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import java.util.Optional;
import org.springframework.stereotype.Component;

@Component
class OrderRefusals implements Refusals {

    @Override
    public Optional<ProblemException> problemOf(CommandRefused refusal) {
        return refusal instanceof OrderRejected rejected ? Optional.of(problem(rejected)) : Optional.empty();
    }

    private static ProblemException problem(OrderRejected rejected) {
        String detail = rejected.getMessage();
        return switch (rejected.rejection()) {
            case USER_NOT_FOUND -> Problems.unprocessable("USER_NOT_FOUND", detail);
            case PRODUCT_NOT_FOUND -> Problems.unprocessable("PRODUCT_NOT_FOUND", detail);
            case TOTAL_OUT_OF_RANGE -> Problems.unprocessable("TOTAL_OUT_OF_RANGE", detail);
            case NOT_CONFIRMABLE -> Problems.conflict("ORDER_NOT_CONFIRMABLE", detail);
            case NOT_SHIPPABLE -> Problems.conflict("ORDER_NOT_SHIPPABLE", detail);
            case NOT_COMPLETABLE -> Problems.conflict("ORDER_NOT_COMPLETABLE", detail);
            case NOT_CANCELLABLE -> Problems.conflict("ORDER_NOT_CANCELLABLE", detail);
        };
    }
}
