package dev.eventshop.command.product.web;

import dev.eventshop.command.dispatch.CommandRefused;
import dev.eventshop.command.http.Refusals;
import dev.eventshop.command.product.ProductRejected;
import dev.eventshop.web.ProblemException;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

@Component
class ProductRefusals implements Refusals {

    @Override
    public Optional<ProblemException> problemOf(CommandRefused refusal) {
        return refusal instanceof ProductRejected rejected ? Optional.of(problem(rejected)) : Optional.empty();
    }

    private static ProblemException problem(ProductRejected rejected) {
        HttpStatus status = switch (rejected.rejection()) {
            case INSUFFICIENT_STOCK, STOCK_OVERFLOW -> HttpStatus.UNPROCESSABLE_CONTENT;
            case RESERVATION_DIFFERS -> HttpStatus.CONFLICT;
        };
        return new ProblemException(status, rejected.rejection().name(), rejected.getMessage());
    }
}
